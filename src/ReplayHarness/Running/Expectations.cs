using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Judging;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>
/// What an incident's <c>expected.json</c> states: which verdict each agent is expected to get, under each hypothesis and over all.
/// </summary>
/// <param name="Fixture">The fixture's folder, relative to the file.</param>
/// <param name="Agents">The agents.</param>
internal sealed record Expectations(string Fixture, IReadOnlyList<ExpectedAgent> Agents)
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "expected.json";

    /// <summary>The incident: the name of the file's folder.</summary>
    [JsonIgnore]
    public string Incident { get; private init; } = "";

    /// <summary>The fixture's folder as a path.</summary>
    [JsonIgnore]
    public string FixturePath { get; private init; } = "";

    /// <summary>Reads the file.</summary>
    /// <exception cref="BadInputException">The file is missing or holds something else; the message names the place.</exception>
    public static Expectations Load(string path)
    {
        if (!File.Exists(path))
            throw new BadInputException(
                $"{path}: there is no such file; it names the fixture and the verdict that each agent is expected to get"
            );
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var read = Parse(path);
        if (read.Agents.Contains(null!))
            throw new BadInputException($"{path}: $.agents: holds null; expected an object for each agent");
        if (read.Fixture.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) >= 0)
            throw new BadInputException($"{path}: $.fixture: is no path; expected the fixture's folder, relative to this file");
        return read with { Incident = Path.GetFileName(folder), FixturePath = Path.GetFullPath(Path.Combine(folder, read.Fixture)) };
    }

    // System.Text.Json adds the path, which stands before it here.
    private static string FirstSentence(string message) => message.Split(" Path: ")[0].TrimEnd('.');

    private static Expectations Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(JsonBytes.Of(path), ExpectationsJson.Default.Expectations)
                ?? throw new BadInputException($"{path}: holds null; expected an object with fixture and agents");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path}: {FirstSentence(e.Message)}", e);
        }
    }
}

/// <summary>What is expected of one agent.</summary>
/// <param name="Agent">Its short name, as in tables and on the command line.</param>
/// <param name="Driver">Its driver's type name; null for an agent in another process.</param>
/// <param name="Verdict">All hypotheses together.</param>
/// <param name="Hypotheses">The verdict by hypothesis.</param>
internal sealed record ExpectedAgent(
    string Agent,
    VerdictKind Verdict,
    IReadOnlyDictionary<string, VerdictKind> Hypotheses,
    string? Driver = null
);

/// <summary>A verdict by its name.</summary>
internal sealed class VerdictByName : JsonConverter<VerdictKind>
{
    public override VerdictKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "that";
        return VerdictNames.Parse(name)
            ?? throw new JsonException($"{name} is no verdict; expected one of {string.Join(", ", VerdictNames.All)}");
    }

    public override void Write(Utf8JsonWriter writer, VerdictKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text());
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(VerdictByName)]
)]
[JsonSerializable(typeof(Expectations))]
internal sealed partial class ExpectationsJson : JsonSerializerContext;
