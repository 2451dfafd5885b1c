using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Evidence;

/// <summary>What was shown of an incident, when its fix was verified: <c>evidence.json</c> beside the incident's tests.</summary>
public sealed record EvidenceFile
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "evidence.json";

    /// <summary>The incident's name.</summary>
    public required string Incident { get; init; }

    /// <summary>The fingerprint of the captured failure shape.</summary>
    public required string Shape { get; init; }

    /// <summary>A hash of what the fixture mocks: <c>fixture.json</c> and the authored responses.</summary>
    public required string FixtureHash { get; init; }

    /// <summary>The version of the harness.</summary>
    public required string Harness { get; init; }

    /// <summary>The commit that was verified, or null; with <c>-dirty</c> where its tree was changed.</summary>
    public string? Commit { get; init; }

    /// <summary>The date of that commit, ISO 8601; or null.</summary>
    public string? Date { get; init; }

    /// <summary>What the agent as it failed shows.</summary>
    public required AgentEvidence Broken { get; init; }

    /// <summary>What the mended agent shows; null where there is none yet.</summary>
    public AgentEvidence? Fixed { get; init; }

    /// <summary>
    /// Why a person closed the incident although its cause lies outside the agent, where no replay can show it gone; null where nobody
    /// did.
    /// </summary>
    public string? Outside { get; init; }

    /// <summary>Each hunk of the fix, reverted alone; null where that was not asked for.</summary>
    public IReadOnlyList<HunkEvidence>? Hunks { get; init; }

    /// <summary>The evidence of an incident.</summary>
    /// <param name="folder">The fixture.</param>
    /// <param name="broken">The report of the agent as it failed.</param>
    /// <param name="mended">The report of the mended agent, or null.</param>
    public static EvidenceFile Of(FixtureFolder folder, ReplayReport broken, ReplayReport? mended) =>
        new()
        {
            Incident = folder.Fixture.Incident,
            Shape = folder.Fixture.Shape.Fingerprint,
            FixtureHash = HashOf(folder.Path),
            Harness = HarnessVersion,
            Broken = AgentEvidence.Of(broken),
            Fixed = mended is null ? null : AgentEvidence.Of(mended),
        };

    /// <summary>The version of this harness.</summary>
    public static string HarnessVersion { get; } =
        typeof(EvidenceFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Reads the evidence of an incident's folder; null where there is none.</summary>
    /// <exception cref="BadInputException">The file holds something else.</exception>
    public static EvidenceFile? Load(string folder)
    {
        WholeSet.MendForReading(folder);
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize(JsonBytes.Of(file), EvidenceJson.Relaxed.EvidenceFile);
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{file}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path}: no evidence; write it again with: replay-harness verify",
                e
            );
        }
    }

    /// <summary>
    /// Writes <c>evidence.json</c> and, for people, <c>evidence.md</c> into a folder, which is made where there is none: both or none.
    /// </summary>
    /// <param name="folder">The incident's folder, beside its tests.</param>
    public void Save(string folder)
    {
        using var set = WholeSet.Begin(folder);
        set.Write(FileName, output => output.Write(Encoding.UTF8.GetBytes(ToJson())));
        set.Write(Path.ChangeExtension(FileName, ".md"), output => output.Write(Encoding.UTF8.GetBytes(EvidenceText.Of(this))));
        set.Commit();
    }

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvidenceJson.Relaxed.EvidenceFile) + "\n";

    /// <summary>Hashes what a fixture mocks, whatever its line ends.</summary>
    public static string HashOf(string fixture)
    {
        var http = Path.Combine(fixture, "http");
        string[] files =
        [
            Path.Combine(fixture, FixtureFolder.FileName),
            .. Directory.Exists(http) ? Directory.GetFiles(http, "*.json").Order(StringComparer.Ordinal) : Enumerable.Empty<string>(),
        ];
        return Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Join('\n', files.Select(f => Path.GetFileName(f) + "\n" + File.ReadAllText(f).ReplaceLineEndings("\n")))
                )
            )
        );
    }
}

/// <summary>What one agent showed.</summary>
public sealed record AgentEvidence
{
    /// <summary>The assembly that holds the driver, by its file's name.</summary>
    public required string Assembly { get; init; }

    /// <summary>The driver, or null where the assembly holds just one.</summary>
    public string? Driver { get; init; }

    /// <summary>The commit that the agent was built at, where that was named; null for an agent as it is now.</summary>
    public string? Ref { get; init; }

    /// <summary>A hash of the agent's code.</summary>
    public required string AgentHash { get; init; }

    /// <summary>All hypotheses together.</summary>
    public required VerdictKind Verdict { get; init; }

    /// <summary>A sentence for a person.</summary>
    public required string Sentence { get; init; }

    /// <summary>Each hypothesis, without shapes and traces.</summary>
    public required IReadOnlyList<HypothesisVerdict> Hypotheses { get; init; }

    /// <summary>What "all schedules" held; null where not all were explored.</summary>
    public string? AllMeans { get; init; }

    /// <summary>What was not controlled.</summary>
    public required IReadOnlyList<string> Uncontrolled { get; init; }

    /// <summary>Equal hashes mean equal replays.</summary>
    public required string LogHash { get; init; }

    /// <summary>The command that shows it again.</summary>
    public required string Rerun { get; init; }

    /// <summary>Whether races between two awaits were looked for; null in evidence that does not say.</summary>
    [JsonInclude]
    internal bool? LookedForRaces { get; init; }

    internal static AgentEvidence Of(ReplayReport report) =>
        new()
        {
            Assembly = Path.GetFileName(report.Job.Assembly!),
            Driver = report.Job.Driver,
            AgentHash = Evidence.AgentHash.Of(report.Job.Assembly!, report.Job.Driver),
            Verdict = report.Verdict,
            Sentence = report.Sentence,
            Hypotheses = [.. report.Hypotheses.Select(Kept)],
            AllMeans = report.AllMeans,
            Uncontrolled = report.Uncontrolled,
            LogHash = report.LogHash,
            Rerun = RerunCommand.Of(report.Job, report.Verdict.Text()),
            LookedForRaces = report.Job.Options.Races,
        };

    // What a person or a gate asks of later; the rest a replay shows again.
    private static HypothesisVerdict Kept(HypothesisVerdict verdict) =>
        verdict with
        {
            Shapes = [],
            Explanation = null,
            Trace = null,
            Races = [.. verdict.Races.Select(r => r with { Trace = null })],
        };

    /// <summary>Whether an assembly still holds the agent that this speaks of.</summary>
    public bool IsOf(string assembly) => Evidence.AgentHash.Of(assembly, Driver) == AgentHash;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [
        typeof(HunkResultConverter),
        typeof(KebabEnums<VerdictKind>),
        typeof(KebabEnums<FindingKind>),
        typeof(KebabEnums<FindingState>),
        typeof(KebabEnums<Remedy>),
        typeof(Counts),
        typeof(TraceAsOtlp),
    ]
)]
[JsonSerializable(typeof(EvidenceFile))]
internal sealed partial class EvidenceJson : JsonSerializerContext
{
    private static EvidenceJson? s_relaxed;

    /// <summary>With text left readable.</summary>
    public static EvidenceJson Relaxed =>
        s_relaxed ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
