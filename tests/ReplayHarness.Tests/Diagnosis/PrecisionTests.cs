using System.Globalization;
using System.Text;
using System.Text.Json;
using Bogus;
using ReplayHarness.Diagnosis;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using static VerifyNUnit.Verifier;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>No rule fires without evidence: on every real trace there is, and on runs in which nothing is wrong.</summary>
public sealed class PrecisionTests
{
    private const int Seed = 20_261_121;
    private const int HealthyRuns = 1000;

    [Test]
    public async Task What_each_real_trace_shows()
    {
        var text = new StringBuilder();
        foreach (var file in Data.AllFiles())
        foreach (var attempts in AgentRuns.Read(Data.Load(file)).GroupBy(r => RunContext.Of([r]).RunId?.Value ?? r.Trace.TraceId))
        {
            var diagnosis = Diagnose([.. attempts]);
            var cause = diagnosis.Incident.Attempts.Select(a => new RunView(a.Run).Cause()).FirstOrDefault(c => c is not null);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(Path.GetDirectoryName(file))} {attempts.Key} ({attempts.Count()} run(s), "
                    + $"{(diagnosis.Failed ? "failed" : "ok")})\n"
            );
            text.Append(
                CultureInfo.InvariantCulture,
                $"  cause       {(cause is { } c ? $"{SpanTree.DisplayName(c.Span)}: {ErrorClass.Of(c.Error)}" : "none")}\n"
            );
            text.Append(CultureInfo.InvariantCulture, $"  first error {diagnosis.Signals.FirstErrorSpan?.Name ?? "none"}\n");
            text.Append(
                CultureInfo.InvariantCulture,
                $"  findings    {Join(diagnosis.Incident.Attempts.SelectMany(a => a.Findings).Select(f => f.Identity.ToString()))}\n"
            );
            text.Append(CultureInfo.InvariantCulture, $"  hypotheses  {Join(diagnosis.Hypotheses.Select(h => h.Rule))}\n");
        }
        await Verify(text.ToString());
    }

    [Test]
    public void A_thousand_healthy_runs_have_no_finding_and_no_hypothesis()
    {
        var faker = new Faker { Random = new Randomizer(Seed) };
        List<string> wrong = [];
        var (calls, parallel) = (0, 0);
        for (var i = 0; i < HealthyRuns; i++)
        {
            var run = AgentRuns.Read(Healthy(faker)).Single();
            calls += run.ToolCalls.Count();
            parallel += run.Turns.Count(t => t.Calls.Count > 1);
            var diagnosis = Diagnose([run]);
            wrong.AddRange(diagnosis.Incident.Attempts.SelectMany(a => a.Findings).Select(f => $"run {i}: {f.Identity}: {f.Message}"));
            wrong.AddRange(diagnosis.Hypotheses.Select(h => $"run {i}: {h.Rule}: {string.Join("; ", h.Evidence)}"));
        }
        Assert.That(wrong, Is.Empty);
        Assert.That((calls, parallel), Is.GreaterThan((2000, 300)), "the runs must do something to be worth it");
    }

    // What real agents do when nothing is wrong: parallel calls, slow tools, results that speak of errors, long answers, calls that end
    // just above a round number.
    private static Trace Healthy(Faker faker)
    {
        var run = new RunBuilder
        {
            StopReason = faker.Random.Bool(0.3f) ? faker.PickRandom("stop", "end_turn", "final_answer") : null,
            Release = faker.System.Semver(),
            Workflow = faker.Hacker.Noun(),
        };
        double now = 0;
        var turns = faker.Random.Int(0, 4);
        for (var turn = 0; turn < turns; turn++)
        {
            var latency = faker.Random.Double(0.2, 9);
            run.Model(now, latency, finish: faker.PickRandom("[\"tool_calls\"]", "[\"tool_use\"]", "[\"tool-calls\"]"));
            now += latency;
            var longest = 0.0;
            var scale = faker.Random.Double(0.05, 20);
            for (var call = faker.Random.Int(1, 3); call > 0; call--)
            {
                var seconds = faker.Random.Bool(0.1f)
                    ? faker.PickRandom(1.0, 5.0, 10.0, 30.0, 60.0) * 1.01
                    : scale * faker.Random.Double(1, 4);
                // Siblings of one tool take about as long; what one tool takes tenfold is a finding of its own.
                run.Tool(
                    $"{faker.Hacker.Verb()}_{turn}_{call}",
                    now,
                    seconds,
                    arguments: JsonSerializer.Serialize(new { id = faker.Random.Guid(), query = faker.Lorem.Sentence() }),
                    result: Result(faker)
                );
                longest = Math.Max(longest, seconds);
            }
            now += longest + 0.01;
        }
        return run.Model(
                now,
                faker.Random.Double(0.2, 9),
                finish: faker.PickRandom("[\"stop\"]", "[\"end_turn\"]", "[\"STOP\"]"),
                output: RunBuilder.Says(faker.Lorem.Paragraph())
            )
            .Build();
    }

    private static string Result(Faker faker) =>
        faker.Random.Int(0, 7) switch
        {
            0 => JsonSerializer.Serialize(new { status = "ok", items = faker.Make(3, () => faker.Commerce.ProductName()) }),
            1 => JsonSerializer.Serialize(
                new
                {
                    status = 200,
                    error = (string?)null,
                    errors = Array.Empty<string>(),
                    data = faker.Lorem.Text(),
                }
            ),
            2 => JsonSerializer.Serialize(
                new
                {
                    title = "How to handle a TimeoutError: retries",
                    body = "An error occurred while reading; the connection timed out (503).",
                }
            ),
            3 => "Errors and how to avoid them. Error budgets: 0.1 %.",
            4 => JsonSerializer.Serialize(
                new
                {
                    success = true,
                    failed = 0,
                    exceptions = faker.Random.Int(0, 9),
                    code = faker.Random.Int(400, 599),
                }
            ),
            5 => JsonSerializer.Serialize(
                faker.Make(5, () => new { id = faker.Random.Int(), status = faker.PickRandom("error", "shipped", "failed") })
            ),
            6 => faker.Lorem.Paragraphs(2),
            _ => "",
        };

    private static RunDiagnosis Diagnose(AgentRun[] attempts) =>
        RunDiagnosis.Of(
            new DiagnosisInput
            {
                Attempts = attempts,
                Fleet = [.. attempts.Select(a => RunSummary.Of(InspectedRun.Of(a)))],
                Commands = new("traces.jsonl", "--trace 1", "fixtures/f", false, ["healthy@http"], "agent.dll", null),
            }
        );

    private static string Join(IEnumerable<string> items) =>
        string.Join(", ", items.GroupBy(i => i).Select(g => g.Count() > 1 ? $"{g.Key} x{g.Count()}" : g.Key)) is { Length: > 0 } text
            ? text
            : "none";
}
