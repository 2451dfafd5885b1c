using System.Text.Json.Serialization;

namespace ReplayHarness.Cli.Fleet.Page;

// What the page's script reads. Verdicts: every name, in order. Lines: places in Texts.
internal sealed record FleetPageData(
    IReadOnlyList<string> Verdicts,
    IReadOnlyList<string> Hypotheses,
    IReadOnlyList<FleetPageJob> Jobs,
    IReadOnlyList<string> Texts
);

// State: expected, unexpected or error. The first line says why. Page: where the page about it lies, relative to this one.
internal sealed record FleetPageJob(
    string Incident,
    string Agent,
    string State,
    string? Verdict,
    string? Expected,
    IReadOnlyList<FleetPageVerdict> Hypotheses,
    IReadOnlyList<int> Lines,
    double Seconds,
    string Fixture,
    string? Rerun,
    string? Page
);

// Shows: in how many schedules of how many, "3/24". Expected: only where it is another verdict.
internal sealed record FleetPageVerdict(
    string Name,
    string Verdict,
    string? Shows,
    bool Counts,
    string? Expected,
    IReadOnlyList<int> Lines
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(FleetPageData))]
internal sealed partial class FleetPageJson : JsonSerializerContext;
