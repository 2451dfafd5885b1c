using System.Text;
using NUnit.Framework;
using ReplayHarness.Fixtures;
using ReplayHarness.Reports;
using ReplayHarness.Reports.Page;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.NUnit;

/// <summary>
/// What a failing test leaves beside its message: the report as text and as a page, for each hypothesis the trace of its captured schedule,
/// and the schedule that fails and departs least from it.
/// </summary>
internal static class Attachments
{
    /// <summary>Writes them into the work folder, and attaches them to the test that runs.</summary>
    public static void Add(ReplayReport report)
    {
        var context = TestContext.CurrentContext;
        var folder = Path.Combine(context.WorkDirectory, "replays", context.Test.ID);
        Directory.CreateDirectory(folder);
        Put("report.txt", ReportText.Of(report, RemedyWords.Of), "what the replay shows");
        Put(
            "report.html",
            ReportPage.Of(FixtureFolder.Load(report.Job.Fixture), [new("agent", report)]),
            "the captured run beside the replays; open it in a browser"
        );
        foreach (var verdict in report.Hypotheses)
        {
            if (verdict.Trace is { } trace)
                Put($"{verdict.Name}.otlp.jsonl", OtlpJson.Text(trace), "the trace of the captured schedule (replay-harness tree FILE)");
            if (verdict.Explanation is { } why)
                Put(
                    $"{verdict.Name}.schedule.json",
                    why.Example.ToText(),
                    "the failing schedule that departs least from it (replay-harness run … --schedule FILE)"
                );
        }

        void Put(string name, string text, string description)
        {
            var file = Path.Combine(folder, name);
            File.WriteAllText(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            TestContext.AddTestAttachment(file, description);
        }
    }
}
