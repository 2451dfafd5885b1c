using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Replays;
using ReplayHarness.Reports.Page;

namespace ReplayHarness.Cli.Ui;

// What the scripts of the pages read. Page, Run: where a link leads.
internal sealed record UiList(string Title, string? Source, string? Problem, IReadOnlyList<UiRow> Rows);

internal sealed record UiRow(
    string Name,
    string State,
    string Why,
    string? Shape,
    IReadOnlyList<string> Findings,
    IReadOnlyList<string> Agents,
    int? Runs,
    IReadOnlyList<UiRelease> Releases,
    string? LastSeen,
    string? Page,
    string? Run,
    string? Command
);

// Runs: those of the release that show the shape, of so many.
internal sealed record UiRelease(string Name, int Runs, int Of);

// Run: the id of the replay that goes on.
internal sealed record UiIncident(
    string Name,
    string State,
    string Why,
    IReadOnlyList<UiAgent> Agents,
    IReadOnlyList<string> Hypotheses,
    IReadOnlyList<UiPath> Paths,
    string? Run
);

internal sealed record UiAgent(string Name, string Expected);

// A schedule that can be gone through step by step.
internal sealed record UiPath(string Title, string Href);

// Choices: those that make the schedule, each "step=number". Fails: nothing where the replay cannot tell.
internal sealed record UiSteps(
    string Incident,
    string Agent,
    string Hypothesis,
    IReadOnlyList<string> Hypotheses,
    Trail Trail,
    IReadOnlyList<string> Choices,
    bool? Fails,
    string Verdict,
    string Sentence,
    string Command
);

internal sealed record UiStarted(string Id);

internal sealed record UiEvent(string Text, double? Fraction = null, string? Verdict = null, string? Error = null);

internal sealed record UiReplayRequest(string Agent, string? Hypothesis, string? Schedules);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(UiList))]
[JsonSerializable(typeof(UiIncident))]
[JsonSerializable(typeof(UiSteps))]
[JsonSerializable(typeof(UiStarted))]
[JsonSerializable(typeof(UiEvent))]
[JsonSerializable(typeof(UiReplayRequest))]
internal sealed partial class UiJson : JsonSerializerContext
{
    private static UiJson? s_safe;

    /// <summary>JSON that may stand within a page.</summary>
    public static UiJson Safe => s_safe ??= new(new JsonSerializerOptions(Default.Options) { Encoder = PageFile.Encoder });
}
