using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>Question 4: what went in, what came out?</summary>
internal static class IoCommand
{
    public static Command Create()
    {
        var source = new Source();
        var selection = new Selection();
        var span = new Option<string?>("--span") { Description = "Only the call of this span." };
        var command = new Command("io", "Arguments, results and messages of every call.") { span };
        selection.AddTo(command);
        source.AddTo(command);
        command.SetAction(parsed =>
            Run(
                source,
                parsed.GetValue(source.Json)
                    ? [selection.LoadOne(source, parsed, "--json shows one")]
                    : selection.Load(source, parsed).Traces,
                parsed.GetValue(span),
                parsed
            )
        );
        return command;
    }

    // The calls of several traces in the order in which they began.
    private static int Run(Source source, IReadOnlyList<Trace> traces, string? spanId, ParseResult parsed)
    {
        var turns = AgentRuns.Read(traces).SelectMany(r => r.Turns).ToArray();
        ModelCall[] models =
        [
            .. turns.Select(t => t.Model).OfType<ModelCall>().Where(m => spanId is null || m.Attempts.Any(s => s.SpanId == spanId)),
        ];
        ToolCall[] tools = [.. turns.SelectMany(t => t.Calls).Where(c => spanId is null || c.Span.SpanId == spanId)];
        if (models.Length + tools.Length == 0)
            throw Nothing(source.Text(parsed), traces[0].TraceId, spanId);
        if (parsed.GetValue(source.Json))
            Write(new(traces[0].TraceId, [.. models.Select(IoModelCall.Of)], [.. tools.Select(IoToolCall.Of)]), CliJson.Relaxed.IoDocument);
        else
            foreach (
                var (_, lines) in models
                    .Select(m => (m.Span.StartNanos, Lines(m)))
                    .Concat(tools.Select(t => (t.Span.StartNanos, Lines(t))))
                    .OrderBy(x => x.StartNanos)
            )
                Console.Out.Write(string.Join("\n", lines) + "\n\n");
        return 0;
    }

    private static IEnumerable<string> Lines(ModelCall call)
    {
        yield return OneLine.Of(
            $"model {call.Model}  {call.Span.SpanId}  {Durations.Text(call.Span.Duration)}  "
                + $"{call.FinishReason}{(call.Attempts.Count > 1 ? $"  ({call.Attempts.Count} attempts)" : "")}".TrimEnd()
        );
        foreach (var message in call.Input ?? [])
            yield return $"  in   {message.Role}: {Indented(IoMessage.TextOf(message))}";
        foreach (var message in call.Output ?? [])
            yield return $"  out  {message.Role}: {Indented(IoMessage.TextOf(message))}";
        if (call.Input is null && call.Output is null)
            yield return "  messages were not recorded";
        if (call.Error is { } error)
            yield return $"  error {Indented($"{error}")}";
    }

    private static IEnumerable<string> Lines(ToolCall call)
    {
        var took = Durations.Text(call.Span.Duration);
        yield return OneLine.Of($"tool {call.Name}  {call.Span.SpanId}  {took}  {call.CallId}".TrimEnd());
        yield return $"  arguments {Indented(call.Arguments ?? "were not recorded")}";
        yield return call.Error is { } error
            ? $"  error     {Indented($"{error}")}"
            : $"  result    {Indented(call.Result ?? "was not recorded")}";
    }

    private static string Indented(string text) =>
        string.Join(
            "\n",
            text.ReplaceLineEndings("\n").Split('\n').Select((line, i) => i == 0 || line.Length == 0 ? line : $"            {line}")
        );

    private static BadInputException Nothing(string source, string traceId, string? spanId) =>
        new(
            $"{source}: trace {traceId} has no model or tool call"
                + (spanId is null ? "" : $" with span {spanId}; see: replay-harness tree {source} --trace {traceId}")
        );
}
