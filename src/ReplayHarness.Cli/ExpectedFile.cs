using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Traces;
using ReplayHarness.Verdicts;

namespace ReplayHarness.Cli;

/// <summary>What <c>replays/INCIDENT/expected.json</c> states: which verdict each agent is expected to get, under each hypothesis and over all.</summary>
/// <param name="Fixture">The fixture's folder, relative to the file.</param>
/// <param name="Agents">The agents.</param>
internal sealed record ExpectedFile(string Fixture, IReadOnlyList<ExpectedAgent> Agents)
{
    public static ExpectedFile Load(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), ExpectedJson.Default.ExpectedFile)!;
            foreach (var (agent, name) in file.Agents.SelectMany(a => a.Hypotheses.Values.Append(a.Verdict).Select(v => (a.Agent, v))))
                if (VerdictNames.Parse(name) is null) throw new BadInputException($"{path}: {agent}: {name} is no verdict; expected one of {string.Join(", ", VerdictNames.All)}");
            return file;
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path}: {e.Message}", e);
        }
    }
}

/// <summary>What is expected of one agent.</summary>
/// <param name="Agent">Its short name, as in tables and on the command line.</param>
/// <param name="Driver">Its driver's type name.</param>
/// <param name="Verdict">All hypotheses together.</param>
/// <param name="Hypotheses">The verdict by hypothesis.</param>
internal sealed record ExpectedAgent(string Agent, string Driver, string Verdict, IReadOnlyDictionary<string, string> Hypotheses);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExpectedFile))]
internal sealed partial class ExpectedJson : JsonSerializerContext;
