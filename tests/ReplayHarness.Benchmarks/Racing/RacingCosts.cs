using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;
using Trace = ReplayHarness.Traces.Trace;

namespace ReplayHarness.Benchmarks.Racing;

/// <summary>
/// Replays the racy agents, each as a failed turn of three calls. A line says: the agent, whether its race was found (as a failure, or only
/// told), in how many schedules, and in how many seconds from the call to the report, the process of the replay included.
/// </summary>
internal static class RacingCosts
{
    private static readonly string[] s_papers = ["a", "b", "c"];

    public static async Task<int> RunAsync(string only)
    {
        var folder = Directory.CreateTempSubdirectory("racing").FullName;
        foreach (var name in RacingAgent.All.Keys.Where(n => Regex.IsMatch(n, only)).Order(StringComparer.Ordinal))
        {
            var trace = TraceOf(name);
            var fixture = Path.Combine(folder, name.Replace(' ', '-'));
            FixtureWriter.Write(fixture, Fixtures.Capture.Create(name.Replace(' ', '-'), "authored", [trace], [], []), [trace], []);
            var watch = Stopwatch.StartNew();
            var report = await Replayer.RunAsync(
                fixture,
                Agent.Of<RacingAgent>(),
                new ReplayOptions { Hypotheses = ["captured@tool"], Schedules = Schedules.All }
            );
            var seconds = watch.Elapsed.TotalSeconds;
            var verdict = report.Hypotheses.Single();
            var found =
                verdict.Verdict is VerdictKind.Reproduced or VerdictKind.Changed ? "found"
                : verdict.Races.Count > 0 ? "told"
                : "no";
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name, -30} {found, -6} {verdict.Schedules.Explored, 6} {seconds, 7:0.00}")
            );
        }
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static Trace TraceOf(string agent)
    {
        const string Id = "0123456789abcdef0123456789abcdef";
        List<Span> spans =
        [
            SpanOf(0, "invoke_agent racing", 0, 3.0, ("gen_ai.operation.name", "invoke_agent")) with
            {
                Status = SpanStatus.Error,
                StatusMessage = "it broke",
                Events =
                [
                    new(
                        "exception",
                        At(3.0),
                        Attributes(("exception.type", "System.InvalidOperationException"), ("exception.message", "it broke"))
                    ),
                ],
            },
            SpanOf(
                1,
                "chat model",
                0,
                1,
                ("gen_ai.operation.name", "chat"),
                ("gen_ai.request.model", "model"),
                ("gen_ai.input.messages", Messages("user", new { type = "text", content = agent })),
                ("gen_ai.output.messages", Messages("assistant", [.. s_papers.Select(Asked)]))
            ),
        ];
        foreach (var paper in s_papers)
            spans.Add(
                SpanOf(
                    spans.Count,
                    "execute_tool fetch",
                    1,
                    1 + (0.1 * spans.Count),
                    ("gen_ai.operation.name", "execute_tool"),
                    ("gen_ai.tool.name", "fetch"),
                    ("gen_ai.tool.call.arguments", $$"""{"of":"{{paper}}"}"""),
                    ("gen_ai.tool.call.result", $"text of {paper}")
                )
            );
        return new(Id, spans);

        static Span SpanOf(int number, string name, double start, double seconds, params (string, string)[] attributes) =>
            new(
                Id,
                (number + 1).ToString("x16", CultureInfo.InvariantCulture),
                number == 0 ? null : 1.ToString("x16", CultureInfo.InvariantCulture),
                name,
                At(start),
                At(start + seconds)
            )
            {
                Attributes = Attributes(attributes),
            };
    }

    private static object Asked(string paper) =>
        new
        {
            type = "tool_call",
            id = paper,
            name = "fetch",
            arguments = new { of = paper },
        };

    private static string Messages(string role, params object[] parts) => JsonSerializer.Serialize(new object[] { new { role, parts } });

    private static AttributeSet Attributes(params (string Name, string Value)[] items) =>
        new([.. items.Select(i => KeyValuePair.Create(i.Name, (object?)i.Value))]);

    private static long At(double seconds) => (long)Math.Round((1_790_000_000 + seconds) * 1e6) * 1000;
}
