using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>Question 1: which traces touched the thing that failed?</summary>
internal static class FindCommand
{
    public static Command Create()
    {
        var source = new Source();
        var where = Where.Option(required: true);
        var limit = new Option<int>("--limit") { Description = "The most spans to show.", DefaultValueFactory = _ => 100 };
        var command = new Command("find", "Spans of one domain id, newest first, and their trace ids.") { where, limit };
        source.AddTo(command);
        command.SetAction(parsed => Run(source, Where.Parse(parsed.GetRequiredValue(where)!), parsed.GetValue(limit), parsed));
        return command;
    }

    private static int Run(Source source, Where where, int limit, ParseResult parsed)
    {
        var traces = where.Select(source, parsed);
        Span[] spans =
        [
            .. traces
                .SelectMany(t => t.Spans)
                .Where(where.Matches)
                .OrderByDescending(s => s.StartNanos)
                .ThenBy(s => s.SpanId, StringComparer.Ordinal),
        ];
        if (parsed.GetValue(source.Json))
        {
            Write(new([.. traces.Select(t => t.TraceId)], [.. spans.Take(limit).Select(FoundSpan.Of)]), CliJson.Relaxed.FindDocument);
            return 0;
        }
        foreach (var span in spans.Take(limit))
            Console.Out.WriteLine(
                (
                    $"{Time(span.StartNanos)}  {span.TraceId}  {span.SpanId}  {SpanTree.DisplayName(span)}  "
                    + $"{SpanTree.ExceptionType(span)}"
                ).TrimEnd()
            );
        if (spans.Length > limit)
            Console.Error.WriteLine($"replay-harness: {spans.Length - limit} older spans are not shown; see --limit");
        Console.Out.WriteLine($"\n{spans.Length} spans in {traces.Count} trace(s), oldest first:");
        foreach (var trace in traces)
            Console.Out.WriteLine($"  {trace.TraceId}  {trace.Spans.Count} spans from {Time(trace.Spans[0].StartNanos)}");
        Hint.Next(
            traces.Count > 1 ? "attempts" : "tree",
            NextCommands.Quoted(source.Text(parsed)),
            "--where",
            NextCommands.Quoted($"{where.Key}={where.Value}")
        );
        return 0;
    }
}
