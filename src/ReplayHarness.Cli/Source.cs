using System.CommandLine;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>The arguments and options that every reading command shares.</summary>
internal sealed class Source
{
    private readonly Argument<string> _source = new("source") { Description = "A file, a glob, or - for standard input." };
    private readonly Option<string?> _environment = new("--environment") { Description = "Only spans of this deployment environment." };
    private readonly Option<bool> _strict = new("--strict") { Description = "Any problem of the input is fatal." };

    public Option<bool> Json { get; } = new("--json") { Description = "One JSON document on standard output." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_source);
        command.Options.Add(_environment);
        command.Options.Add(_strict);
        command.Options.Add(Json);
    }

    public string Text(ParseResult parsed) => parsed.GetRequiredValue(_source);

    /// <summary>The traces; problems that lose nothing else go to standard error.</summary>
    public IReadOnlyList<Trace> Load(ParseResult parsed)
    {
        var traces = Load(Text(parsed), parsed.GetValue(_strict));
        return parsed.GetValue(_environment) is not { } environment ? traces : [.. traces.Where(t => t.Spans.Any(s => EnvironmentOf(s) == environment))];
    }

    public static IReadOnlyList<Trace> Load(string source, bool strict)
    {
        var set = TraceFiles.Load(source, strict);
        foreach (var problem in set.Problems) Console.Error.WriteLine($"replay-harness: {problem}");
        return set.Traces;
    }

    /// <summary>The trace of an id, or of a prefix that only one trace has.</summary>
    public Trace LoadOne(ParseResult parsed, string traceId)
    {
        var traces = Load(parsed);
        Trace[] matching = [.. traces.Where(t => t.TraceId.StartsWith(traceId, StringComparison.OrdinalIgnoreCase))];
        if (matching.Length == 1) return matching[0];
        var some = string.Join(", ", (matching.Length == 0 ? traces : matching).Take(5).Select(t => t.TraceId));
        throw new BadInputException(matching.Length == 0
            ? $"{Text(parsed)}: holds no trace {traceId}; it holds {traces.Count}{(traces.Count == 0 ? "" : $": {some}{(traces.Count > 5 ? ", …" : "")}")}. Find one with: replay-harness find {Text(parsed)} --where KEY=VALUE"
            : $"{Text(parsed)}: {traceId} stands for {matching.Length} traces: {some}; give more digits");
    }

    private static string? EnvironmentOf(Span span) => span.Text("deployment.environment.name") ?? span.Text("deployment.environment");
}

/// <summary>KEY=VALUE: the domain id of what failed.</summary>
internal sealed record Where(string Key, string Value)
{
    public static Option<string?> Option(bool required = false) => new("--where") { Description = "KEY=VALUE: an attribute of the spans, for example task_id=42.", Required = required };

    public static Where Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? new(text[..at], text[(at + 1)..]) : throw new BadInputException($"--where {text}: expected KEY=VALUE, for example --where task_id=42");
    }

    public bool Matches(Span span) => span.Text(Key) == Value;

    public IReadOnlyList<Trace> Select(IReadOnlyList<Trace> traces, string source)
    {
        Trace[] selected = [.. traces.Where(t => t.Spans.Any(Matches))];
        return selected.Length > 0 ? selected : throw new BadInputException($"{source}: no span has {Key}={Value}; check the key with: replay-harness tree {source} --trace ID --json");
    }
}
