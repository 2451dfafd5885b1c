using System.Globalization;
using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Reports.Page;

/// <summary>One version of an agent, and what its replays showed.</summary>
/// <param name="Label">What the page calls it: <c>broken</c>, <c>fixed</c>, …</param>
/// <param name="Report">What its replays showed.</param>
internal sealed record ReplayedAgent(string Label, ReplayReport Report);

/// <summary>What a server's page adds to a report: where it leads, and what can be done there.</summary>
/// <param name="Body">Elements, as HTML of the harness itself, before the report's own.</param>
/// <param name="Style">Style rules, after the report's own.</param>
/// <param name="Scripts">Parts of the script, after the report's own.</param>
internal sealed record PageAround(string Body, string Style, IReadOnlyList<string> Scripts);

/// <summary>
/// One HTML file about an incident, which loads nothing: the captured run beside its replays as waterfalls on one axis of time, the
/// verdicts, and what every call said. Everything of the trace is data to it and never markup; a policy within the file lets no other
/// script run and nothing be fetched.
/// </summary>
internal static class ReportPage
{
    private static readonly string[] s_scripts =
    [
        "dom.js",
        "theme.js",
        "rows.js",
        "diff.js",
        "races.js",
        "waterfall.js",
        "details.js",
        "verdicts.js",
        "page.js",
    ];

    /// <summary>The file's text; equal for equal input.</summary>
    /// <param name="folder">The fixture.</param>
    /// <param name="agents">The versions of the agent that were replayed, in order; none for the captured run alone.</param>
    /// <param name="around">What a server's page adds; null for a file.</param>
    /// <exception cref="BadInputException">The fixture's traces cannot be read.</exception>
    public static string Of(FixtureFolder folder, IReadOnlyList<ReplayedAgent> agents, PageAround? around = null) =>
        Of($"{folder.Fixture.Incident} · replay report", Data(folder, agents), around);

    /// <summary>The page of one trace, as it was recorded.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="around">What a server's page adds; null for a file.</param>
    public static string Of(Trace trace, PageAround? around = null) => Of($"trace {trace.TraceId}", Data(trace), around);

    private static string Of(string title, PageData data, PageAround? around) =>
        PageFile.Of(
            title,
            around?.Body + PageFile.Part("report.html"),
            PageFile.Part("page.css") + around?.Style,
            s_scripts.Select(name => PageFile.Part(name)).Concat(around?.Scripts ?? []),
            JsonSerializer.Serialize(data, PageJson.Safe.PageData),
            asks: around is not null
        );

    private static PageData Data(FixtureFolder folder, IReadOnlyList<ReplayedAgent> agents)
    {
        var fixture = folder.Fixture;
        var content = new PageContent();
        var runs = new PageRuns(content);
        // A replay needs no traces, so a report of one does not either.
        var traces = (File.Exists(folder.Traces) ? TraceFiles.Load(folder.Traces).Traces : []).ToDictionary(
            t => t.TraceId,
            StringComparer.Ordinal
        );
        PageAttempt[] captured = [.. fixture.Source.TraceIds.Where(traces.ContainsKey).Select(id => runs.Captured(traces[id]))];
        var hypotheses = new PageVerdicts(fixture, agents, runs).All();
        return new(
            fixture.Incident,
            At(fixture.CapturedAt),
            fixture.Source.Selected,
            fixture.Shape.Fingerprint,
            fixture.Shape.Deterministic,
            [.. fixture.Shape.Identity.Select(i => $"{i}")],
            [.. agents.Select(Of)],
            hypotheses,
            new("captured", captured),
            content.Messages
        );
    }

    private static PageData Data(Trace trace)
    {
        var content = new PageContent();
        var attempt = new PageRuns(content).Captured(trace);
        var shape = new Incident([.. AgentRuns.Read(trace).Select(r => InspectedRun.Of(r))]).Shape;
        return new(
            $"trace {trace.TraceId}",
            At(DateTimeOffset.UnixEpoch.AddTicks(trace.Spans[0].StartNanos / 100)),
            "as it was recorded",
            shape.Fingerprint,
            Deterministic: false,
            [.. shape.Identity.Select(i => $"{i}")],
            [],
            [],
            new("captured", [attempt]),
            content.Messages
        );
    }

    private static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static PageAgent Of(ReplayedAgent agent) =>
        new(
            agent.Label,
            agent.Report.Verdict.Text(),
            agent.Report.Sentence,
            agent.Report.Rerun ?? "",
            agent.Report.AllMeans,
            agent.Report.Uncontrolled
        );
}
