using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReplayHarness.Reports.Page;

// What the page's script reads. Times are milliseconds from the beginning of the agent's run; a message is a place in PageData.Messages, so
// that a conversation that is sent again with every call is there once.
internal sealed record PageData(
    string Incident,
    string CapturedAt,
    string Selected,
    string Fingerprint,
    bool Deterministic,
    IReadOnlyList<string> Identity,
    IReadOnlyList<PageAgent> Agents,
    IReadOnlyList<PageHypothesis> Hypotheses,
    PagePanel Captured,
    IReadOnlyList<PageMessage> Messages
);

internal sealed record PageAgent(
    string Label,
    string Verdict,
    string Sentence,
    string Command,
    string? AllMeans,
    IReadOnlyList<string> Uncontrolled
);

internal sealed record PageHypothesis(string Name, string Claim, IReadOnlyList<PageFinding> Findings, IReadOnlyList<PageVerdict> Verdicts);

// Cells: one an agent, in their order.
internal sealed record PageFinding(string Rule, string Role, string ErrorClass, string Kind, bool Captured, IReadOnlyList<PageCell> Cells);

internal sealed record PageCell(string State, string Text);

internal sealed record PageVerdict(
    string Label,
    string Verdict,
    bool Counts,
    string Sentence,
    string Schedules,
    IReadOnlyList<PageShape> Shapes,
    PageWhy? Why,
    IReadOnlyList<string> Races,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Drift,
    IReadOnlyList<PagePanel> Panels
);

internal sealed record PageShape(string Fingerprint, string Text, string Count, double Share);

internal sealed record PageWhy(string? Constraint, string Departures, int? Inevitable, IReadOnlyList<PageStep> Steps);

internal sealed record PageStep(int Step, double Seconds, string Chosen, IReadOnlyList<string> Instead);

internal sealed record PagePanel(string Title, IReadOnlyList<PageAttempt> Attempts);

internal sealed record PageAttempt(
    string TraceId,
    int SpansLeftOut,
    int? Cause,
    string? Error,
    IReadOnlyList<int> Unwind,
    IReadOnlyList<PageSpan> Spans,
    IReadOnlyList<PageRace>? Races = null
);

internal sealed record PageRace(string Shared, IReadOnlyList<PageAccess> Accesses);

// Span: the row on which it is.
internal sealed record PageAccess(int Span, double At, string Does, string Method, string Where, string? Source, string? After);

internal sealed record PageSpan(
    string Id,
    string Name,
    int Depth,
    double Start,
    double End,
    string Kind,
    string? Mark,
    string? Sibling,
    string? Error,
    string? Key,
    PageModelCall? Model,
    PageToolCall? Tool,
    IReadOnlyList<PageField>? Fields
);

internal sealed record PageModelCall(
    string? Model,
    string? Finish,
    long? InputTokens,
    long? OutputTokens,
    int Attempts,
    IReadOnlyList<int>? Input,
    IReadOnlyList<int>? Output
);

internal sealed record PageToolCall(string Name, string? CallId, string? Arguments, string? Result);

internal sealed record PageField(string Name, string Value);

internal sealed record PageMessage(string Role, IReadOnlyList<PagePart> Parts);

internal sealed record PagePart(string Kind, string? Name, string Text);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(PageData))]
internal sealed partial class PageJson : JsonSerializerContext
{
    private static PageJson? s_safe;

    public static PageJson Safe => s_safe ??= new(new JsonSerializerOptions(Default.Options) { Encoder = PageFile.Encoder });
}
