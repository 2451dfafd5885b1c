using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Evidence;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>A file as it was when it was read.</summary>
/// <param name="Length">Its length.</param>
/// <param name="Modified">When it was changed last, in ticks of UTC.</param>
internal readonly record struct FileMark(long Length, long Modified);

/// <summary>How often a shape was seen in a release.</summary>
internal sealed class ReleaseCount
{
    public long Runs { get; set; }

    /// <summary>The start of the first run, in nanoseconds since 1970.</summary>
    public long FirstNanos { get; set; } = long.MaxValue;
}

/// <summary>A shape that was seen.</summary>
internal sealed class KnownShape
{
    private const int MostFindings = 50,
        MostCharacters = 200;

    /// <summary>What is wrong, each as (rule, role, error class).</summary>
    public IReadOnlyList<string> Findings { get; set; } = [];

    public long Runs { get; set; }

    /// <summary>The start of the first run, in nanoseconds since 1970.</summary>
    public long FirstNanos { get; set; } = long.MaxValue;

    /// <summary>The start of the last run.</summary>
    public long LastNanos { get; set; } = long.MinValue;

    /// <summary>Says what is wrong, as far as somebody reads it: tools have the names that a trace gives them.</summary>
    public void Describe(IEnumerable<string> findings) => Findings = [.. findings.Take(MostFindings).Select(Short)];

    /// <summary>By release; of runs that name none by the empty text.</summary>
    public SortedDictionary<string, ReleaseCount> Releases { get; set; } = new(StringComparer.Ordinal);

    /// <summary>A trace that shows it.</summary>
    public string Example { get; set; } = "";

    /// <summary>The folder of its fixture; null where none could be captured.</summary>
    public string? Fixture { get; set; }

    /// <summary>Why there is no fixture, or null.</summary>
    public string? Problem { get; set; }

    private static string Short(string text) => text.Length <= MostCharacters ? text : $"{text[..MostCharacters]}…";
}

/// <summary>An event that was not delivered yet.</summary>
/// <param name="Id">Its id, by which a receiver knows one that comes twice.</param>
/// <param name="Body">The JSON, as it is signed.</param>
internal sealed record PendingEvent(string Id, string Body);

/// <summary>What watching knows: one file, whole or absent.</summary>
internal sealed class WatchState
{
    private const int CurrentVersion = 1,
        MostTold = 1000;

    private const string Advice =
        "Name another file with --state; or delete this one: everything is read again, and fixtures that are there stay";

    public int Version { get; set; } = CurrentVersion;

    public string Source { get; set; } = "";

    /// <summary>The files that were read.</summary>
    public SortedDictionary<string, FileMark> Files { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Of a store: the time up to which it was read, in nanoseconds since 1970.</summary>
    public long? UntilNanos { get; set; }

    /// <summary>The start of the first run of each release, failed or not.</summary>
    public SortedDictionary<string, long> Releases { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, KnownShape> Shapes { get; set; } = new(StringComparer.Ordinal);

    public List<PendingEvent> Pending { get; set; } = [];

    /// <summary>Problems of the input that were told.</summary>
    public List<string> Told { get; set; } = [];

    /// <summary>The failures that were counted, as <see cref="CountedTraces"/> writes them.</summary>
    public string Counted { get; set; } = "";

    /// <summary>Loads it, or begins anew where there is none.</summary>
    /// <exception cref="BadInputException">The file is no state, or one of another source.</exception>
    public static WatchState Load(string file, string source)
    {
        if (!File.Exists(file))
            return new() { Source = source };
        WatchState state;
        try
        {
            state = JsonSerializer.Deserialize(File.ReadAllText(file), WatchJson.Relaxed.WatchState) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{file}: is no state of watch ({e.Message.Split('.')[0]}). {Advice}",
                e
            );
        }
        if (state.Shapes.ContainsValue(null!) || state.Pending.Contains(null!))
            throw new BadInputException($"{file}: is no state of watch: it holds null for a shape or an event. {Advice}");
        if (state.Version != CurrentVersion)
            throw new BadInputException(
                $"{file}: is of version {state.Version}; expected {CurrentVersion}. Name another file with --state"
            );
        return state.Source == source
            ? state
            : throw new BadInputException(
                $"{file}: is the state of watching {state.Source}, not {source}; give each its own --out, or --state"
            );
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Save(string file) => WholeFile.Write(file, JsonSerializer.Serialize(this, WatchJson.Relaxed.WatchState) + "\n");

    /// <summary>Notes that a problem is told; false where it was told before.</summary>
    public bool TellOnce(string problem)
    {
        if (Told.Contains(problem, StringComparer.Ordinal))
            return false;
        Told.Add(problem);
        if (Told.Count > MostTold)
            Told.RemoveAt(0);
        return true;
    }
}

/// <summary>The state as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(WatchState))]
[JsonSerializable(typeof(WatchEvent))]
[JsonSerializable(typeof(WatchDocument))]
internal sealed partial class WatchJson : JsonSerializerContext
{
    /// <summary>The options, with text left readable.</summary>
    public static WatchJson Relaxed =>
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
