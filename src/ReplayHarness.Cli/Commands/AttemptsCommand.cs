using System.CommandLine;
using System.Globalization;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>Question 3: did every attempt fail the same way?</summary>
internal static class AttemptsCommand
{
    public static Command Create()
    {
        var source = new Source();
        var where = Where.Option(required: true);
        var command = new Command("attempts", "Every attempt of one domain id, its shape, the backoff; deterministic or flake.") { where };
        source.AddTo(command);
        command.SetAction(parsed => Run(source, Where.Parse(parsed.GetRequiredValue(where)!), parsed));
        return command;
    }

    private static int Run(Source source, Where where, ParseResult parsed)
    {
        var traces = where.Select(source, parsed);
        var incident = new Incident([.. AgentRuns.Read(traces).Select(r => InspectedRun.Of(r))]);
        if (incident.Attempts.Count == 0)
            throw new BadInputException(
                $"{source.Text(parsed)}: the traces of {where.Key}={where.Value} hold no agent run: {NoRun.Of(traces)}"
            );
        if (parsed.GetValue(source.Json))
            Write(Document(incident), CliJson.Relaxed.AttemptsDocument);
        else
            Print(incident);
        return 0;
    }

    private static string Conclusion(Incident incident)
    {
        var count = incident.Attempts.Count;
        if (incident.Shape.IsHealthy)
            return $"healthy: {count} of {count} attempts show nothing wrong";
        if (incident.IsDeterministicRetry)
            return $"deterministic: {incident.SameShape} of {count} attempts failed with the same shape; retrying does not help";
        return count == 1
            ? "one attempt: neither a flake nor a repeated failure can be told"
            : $"flake or several causes: {incident.SameShape} of {count} attempts share the first failure's shape";
    }

    private static double?[] Backoffs(Incident incident) =>
        [.. incident.Attempts.Select((a, i) => i + 1 == incident.Attempts.Count ? null : BackoffOf(a.Run, incident.Attempts[i + 1].Run))];

    private static double? BackoffOf(AgentRun run, AgentRun next) =>
        run.Trace.Spans.Select(s => s.Attributes.Number("backoff_seconds")).FirstOrDefault(n => n is not null)
        ?? Math.Round((next.Spans[0].StartNanos - run.Spans.Max(s => s.EndNanos)) / 1e9, 1);

    private static void Print(Incident incident)
    {
        var backoffs = Backoffs(incident);
        Console.Out.WriteLine(
            "attempt  trace                             start                         lasted     outcome  shape         backoff"
        );
        for (var i = 0; i < incident.Attempts.Count; i++)
        {
            var attempt = incident.Attempts[i];
            var lasted = Lasted(attempt.Run);
            Console.Out.WriteLine(
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"{attempt.Run.Attempt ?? i + 1, -7}  {attempt.Run.Trace.TraceId}  {Time(attempt.Run.Spans[0].StartNanos)}  "
                            + $"{lasted, 8:0.00}s  {attempt.Outcome, -7}  {attempt.Shape.Fingerprint}  "
                            + $"{(backoffs[i] is { } b ? $"{b} s" : "")}"
                    )
                    .TrimEnd()
            );
        }
        Console.Out.WriteLine($"\n{Conclusion(incident)}");
        foreach (var identity in incident.Shape.Identity)
            Console.Out.WriteLine($"  {identity}");
    }

    private static double Lasted(AgentRun run) => (run.Spans.Max(s => s.EndNanos) - run.Spans.Min(s => s.StartNanos)) / 1e9;

    private static AttemptsDocument Document(Incident incident)
    {
        var backoffs = Backoffs(incident);
        return new(
            incident.IsDeterministicRetry,
            Conclusion(incident),
            incident.SameShape,
            [
                .. incident.Attempts.Select(
                    (a, i) =>
                        new AttemptRow(
                            a.Run.Attempt ?? i + 1,
                            a.Run.Trace.TraceId,
                            Time(a.Run.Spans[0].StartNanos),
                            Lasted(a.Run),
                            a.Outcome,
                            a.Shape.Fingerprint,
                            backoffs[i]
                        )
                ),
            ]
        );
    }
}
