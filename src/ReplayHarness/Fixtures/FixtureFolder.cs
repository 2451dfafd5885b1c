using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>The folder of a fixture: <c>fixture.json</c>, the captured traces, and authored http responses in <c>http/</c>.</summary>
public sealed class FixtureFolder
{
    internal const string FileName = "fixture.json";
    internal const string HttpName = "http";
    private const long MaxBytes = 64L << 20;

    private FixtureFolder(string path, Fixture fixture, IReadOnlyList<HttpResponseFile> http)
    {
        Path = path;
        Fixture = fixture;
        Http = http;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The file that holds the captured traces; a replay does not need it, and it may be missing.</summary>
    public string Traces => System.IO.Path.Combine(Path, Fixture.Source.Traces);

    /// <summary>The incident's name.</summary>
    public string Incident => Fixture.Incident;

    /// <summary>The fingerprint of the captured failure shape.</summary>
    public string Fingerprint => Fixture.Shape.Fingerprint;

    /// <summary>The findings that make up the captured failure shape.</summary>
    public IReadOnlyList<FindingIdentity> Identity => Fixture.Shape.Identity;

    /// <summary>The names of its hypotheses, as <c>ReplayOptions.Hypotheses</c> takes them.</summary>
    public IReadOnlyList<string> Hypotheses => [.. Fixture.Hypotheses.Select(h => h.Name)];

    /// <summary>What was redacted, by kind.</summary>
    public IReadOnlyList<Redaction> Redactions => Fixture.Redactions;

    /// <summary>What <c>fixture.json</c> holds.</summary>
    internal Fixture Fixture { get; }

    /// <summary>The authored responses, files in ordinal order of their names.</summary>
    internal IReadOnlyList<HttpResponseFile> Http { get; }

    /// <summary>Loads a fixture from its folder, or from the path of its <c>fixture.json</c>.</summary>
    /// <exception cref="BadInputException">There is none, or it is not valid: the message names file, JSON path and remedy.</exception>
    public static FixtureFolder Load(string path)
    {
        var folder = File.Exists(path) ? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))! : path;
        WholeSet.MendForReading(folder);
        try
        {
            var loaded = Read(folder);
            if (!WholeSet.IsDecided(folder))
                return loaded;
        }
        catch (BadInputException)
        {
            // Files that do not belong together may be those of another process that puts new ones in place: once more says.
        }
        WholeSet.MendForReading(folder);
        return Read(folder);
    }

    private static FixtureFolder Read(string folder)
    {
        var file = System.IO.Path.Combine(folder, FileName);
        if (!File.Exists(file))
            throw new BadInputException(
                $"{file}: there is no fixture here; expected a folder with a {FileName}. Capture one there from the incident's traces"
            );
        CheckVersion(file);
        var fixture = FixtureVersions.Newest(Read(file, FixtureJson.Relaxed.Fixture));
        CheckLinks(file, fixture);
        var traces = fixture.Source.Traces;
        if (traces.Length == 0 || traces is "." or ".." || traces.AsSpan().IndexOfAny('/', '\\', ':') >= 0)
            throw new BadInputException($"{file}: $.source.traces: is {traces}; expected the name of a file beside it");
        CheckTraces(file, "$.source.tracesHash", System.IO.Path.Combine(folder, traces), fixture.Source.TracesHash);
        CheckTraces(file, "$.source.healthyHash", System.IO.Path.Combine(folder, FixtureWriter.HealthyFile), fixture.Source.HealthyHash);
        return new(folder, fixture, LoadHttp(System.IO.Path.Combine(folder, HttpName)));
    }

    private static void CheckTraces(string file, string member, string traces, string? hash)
    {
        RefuseLink(traces);
        TracesHash.Check(file, member, traces, hash);
    }

    /// <summary>The hypotheses of these names; all where none is named.</summary>
    /// <exception cref="BadInputException">There is none of a name.</exception>
    internal IEnumerable<Hypothesis> HypothesesNamed(IReadOnlyList<string> names)
    {
        var all = Fixture.Hypotheses;
        foreach (var name in names)
            if (!all.Any(h => h.Name == name))
                throw new BadInputException(
                    $"{Path}: there is no hypothesis {name}; the fixture holds {string.Join(", ", all.Select(h => h.Name))}"
                );
        return names.Count == 0 ? all : all.Where(h => names.Contains(h.Name));
    }

    /// <summary>The files of authored responses in a folder, by name.</summary>
    /// <exception cref="BadInputException">There is no such folder, or a file of it is not valid.</exception>
    internal static IReadOnlyDictionary<string, HttpResponseFile> HttpIn(string folder) =>
        Directory.Exists(folder)
            ? LoadHttp(folder)
                .Index()
                .ToDictionary(f => FormattableString.Invariant($"{f.Index + 1}.json"), f => f.Item, StringComparer.Ordinal)
            : throw new BadInputException($"{folder}: there is no such folder; expected one like the folder http of a fixture");

    private static HttpResponseFile[] LoadHttp(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        RefuseLink(folder);
        return
        [
            .. Directory
                .GetFiles(folder, "*.json")
                .Order(StringComparer.Ordinal)
                .Select(f => Read(f, FixtureJson.Relaxed.HttpResponseFile)),
        ];
    }

    // What names of types have in C#, and not where the runtime writes them.
    private static readonly SearchValues<char> s_notOfTypes = SearchValues.Create(" <>,/()[]");

    private static void CheckLinks(string file, Fixture fixture)
    {
        foreach (var (a, attempt) in fixture.Attempts.Index())
        foreach (var (t, turn) in attempt.Turns.Index())
            if (turn.Follows is { } follows && (follows < 1 || follows > t))
                throw new BadInputException(
                    $"{file}: $.attempts[{a}].turns[{t}].follows: is {follows}; expected the number of an earlier turn of the attempt, "
                        + "counted from 1"
                );
        if (fixture.Ordered?.FirstOrDefault(o => string.IsNullOrWhiteSpace(o.Value)).Key is { } name)
            throw new BadInputException($"{file}: $.ordered: {name} has no reason; expected what puts it in order, in words");
        if (fixture.Unsafe?.Keys.FirstOrDefault(t => t.Length == 0 || t.AsSpan().ContainsAny(s_notOfTypes)) is { } type)
            throw new BadInputException(
                $"{file}: $.unsafe: '{type}' is no full name of a type; expected one with its namespace, as in System.Uri, "
                    + "a generic one as in System.Collections.Generic.List`1, and a nested one as in Acme.Session+Part"
            );
    }

    // A newer format may have members unknown here; the version explains that better than the first unknown member.
    private static void CheckVersion(string file)
    {
        using var document = Parse(file);
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("schemaVersion", out var version)
        )
            throw new BadInputException(
                $"{file}: $.schemaVersion: missing; expected {Fixture.CurrentVersion}. Capture the fixture again with: "
                    + $"replay-harness capture"
            );
        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number < 1)
            throw new BadInputException(
                $"{file}: $.schemaVersion: is {version.GetRawText()}; expected a whole number from 1 to {Fixture.CurrentVersion}"
            );
        if (number > Fixture.CurrentVersion)
            throw new BadInputException(
                $"{file}: $.schemaVersion: is {number}, but this harness reads up to {Fixture.CurrentVersion}. Update "
                    + $"replay-harness, or capture the fixture again."
            );
    }

    private static JsonDocument Parse(string file)
    {
        try
        {
            return JsonDocument.Parse(Bytes(file), new JsonDocumentOptions { MaxDepth = 128 });
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{file}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: not JSON: {FirstSentence(e.Message)}", e);
        }
    }

    private static T Read<T>(string file, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Bytes(file), type) ?? throw new BadInputException($"{file}: $: is null; expected an object");
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $"{file}:{line + 1}:{e.BytePositionInLine + 1}" : file;
            throw new BadInputException(
                $"{place}: {e.Path ?? "$"}: {FirstSentence(e.Message)}. See fixture.schema.json beside it for what is expected.",
                e
            );
        }
        catch (NotSupportedException e)
        {
            // A hypothesis is told by its name.
            throw new BadInputException(
                $"{file}: {PathIn(e.Message)}: names no hypothesis; expected a member name, one of those that fixture.schema.json lists",
                e
            );
        }
    }

    private static string PathIn(string message)
    {
        var start = message.IndexOf("Path: ", StringComparison.Ordinal);
        return start < 0 ? "$" : message[(start + "Path: ".Length)..].Split(' ')[0];
    }

    // What a link leads to lies outside the folder, and may be anything.
    private static void RefuseLink(string file)
    {
        if (new FileInfo(file).LinkTarget is not null)
            throw new BadInputException($"{file}: is a link; a fixture holds its data itself. Put a copy in its place");
    }

    private static byte[] Bytes(string file)
    {
        RefuseLink(file);
        if (new FileInfo(file).Length > MaxBytes)
            throw new BadInputException($"{file}: larger than {MaxBytes >> 20} MiB, the most a fixture file may hold");
        return JsonBytes.Of(file);
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
    }
}
