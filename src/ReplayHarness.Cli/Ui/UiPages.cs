using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Reports.Page;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Ui;

/// <summary>The pages as HTML. What fixtures, agents and traces say is data to them and never markup, as in a report.</summary>
internal static class UiPages
{
    private static readonly string[] s_shared = ["dom.js", "theme.js", "rows.js"];

    /// <summary>The list of incidents.</summary>
    public static string List(UiList list) =>
        PageFile.Of(
            "incidents",
            Own("list.html"),
            PageFile.Part("page.css") + Own("grid.css") + Own("ui.css"),
            [.. s_shared.Select(name => PageFile.Part(name)), Own("grid.js"), Own("copy.js"), Own("list.js")],
            JsonSerializer.Serialize(list, UiJson.Safe.UiList),
            asks: true
        );

    /// <summary>An incident: its report, and what replays it.</summary>
    public static string Incident(FixtureFolder folder, IReadOnlyList<ReplayedAgent> agents, UiIncident incident) =>
        ReportPage.Of(folder, agents, Around("incident.js", incident, UiJson.Safe.UiIncident));

    /// <summary>One schedule, step by step, above the report of it.</summary>
    public static string Steps(FixtureFolder folder, ReplayedAgent agent, UiSteps steps) =>
        ReportPage.Of(folder, [agent], Around("steps.js", steps, UiJson.Safe.UiSteps));

    /// <summary>A run of the source.</summary>
    public static string Run(Trace trace) => ReportPage.Of(trace, Around("run.js", new UiEvent(""), UiJson.Safe.UiEvent));

    /// <summary>Where the page of an incident is.</summary>
    public static string LinkTo(string incident) => $"/incidents/{Uri.EscapeDataString(incident)}";

    /// <summary>Where the page of a run is.</summary>
    public static string LinkToRun(string traceId) => $"/runs/{Uri.EscapeDataString(traceId)}";

    /// <summary>Where the page of a schedule is.</summary>
    public static string LinkToSteps(string incident, string agent, string hypothesis, IEnumerable<string> choices) =>
        $"{LinkTo(incident)}/steps?agent={Uri.EscapeDataString(agent)}&hypothesis={Uri.EscapeDataString(hypothesis)}"
        + string.Concat(choices.Select(c => $"&choose={Uri.EscapeDataString(c)}"));

    private static PageAround Around<T>(string script, T data, JsonTypeInfo<T> type) =>
        new(
            Own("around.html").Replace("DATA", JsonSerializer.Serialize(data, type), StringComparison.Ordinal),
            Own("ui.css"),
            [Own("copy.js"), Own(script)]
        );

    private static string Own(string part) => PageFile.Part(part, typeof(UiPages).Assembly);
}
