using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Reports.Page;

/// <summary>One version of an agent, and what its replays showed.</summary>
/// <param name="Label">What the page calls it: <c>broken</c>, <c>fixed</c>, …</param>
/// <param name="Report">What its replays showed.</param>
internal sealed record ReplayedAgent(string Label, ReplayReport Report);

/// <summary>
/// One HTML file about an incident, which loads nothing: the captured run beside its replays as waterfalls on one axis of time, the
/// verdicts, and what every call said. Everything of the trace is data to it and never markup; a policy within the file lets no other
/// script run and nothing be fetched.
/// </summary>
internal static class ReportPage
{
    private static readonly string[] s_scripts = ["dom.js", "diff.js", "races.js", "waterfall.js", "details.js", "verdicts.js", "page.js"];

    /// <summary>The file's text; equal for equal input.</summary>
    /// <param name="folder">The fixture.</param>
    /// <param name="agents">The versions of the agent that were replayed, in order; none for the captured run alone.</param>
    /// <exception cref="BadInputException">The fixture's traces cannot be read.</exception>
    public static string Of(FixtureFolder folder, IReadOnlyList<ReplayedAgent> agents)
    {
        var (style, script) = (Part("page.css"), "'use strict';\n(() => {\n" + string.Concat(s_scripts.Select(Part)) + "})();\n");
        var data = JsonSerializer.Serialize(Data(folder, agents), PageJson.Safe.PageData);
        // One pass: what one part brings is never looked at for another's place.
        return string.Concat(Part("page.html").Split("{{", StringSplitOptions.None).Select((piece, i) => i == 0 ? piece : Filled(piece)));

        string Filled(string piece)
        {
            var end = piece.IndexOf("}}", StringComparison.Ordinal);
            return piece[..end] switch
                {
                    "policy" =>
                        $"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {Hash(style)}; script-src {Hash(script)}",
                    "title" => WebUtility.HtmlEncode(folder.Fixture.Incident),
                    "style" => style,
                    "data" => data,
                    "script" => script,
                    var name => throw new InvalidOperationException($"the page has no {name}"),
                } + piece[(end + 2)..];
        }
    }

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
            fixture.CapturedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
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

    private static PageAgent Of(ReplayedAgent agent) =>
        new(
            agent.Label,
            agent.Report.Verdict.Text(),
            agent.Report.Sentence,
            agent.Report.Rerun ?? "",
            agent.Report.AllMeans,
            agent.Report.Uncontrolled
        );

    private static string Part(string name)
    {
        using var stream =
            typeof(ReportPage).Assembly.GetManifestResourceStream($"page/{name}")
            ?? throw new InvalidOperationException($"page/{name} is not in the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
