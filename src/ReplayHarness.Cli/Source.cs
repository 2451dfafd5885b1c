using System.CommandLine;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>The arguments and options that every reading command shares.</summary>
internal sealed class Source
{
    private readonly Argument<string> _source = new("source") { Description = "A file, a glob, - for standard input, or a store: jaeger:URL, tempo:URL, logfire:, postgres:CONNECTION, clickhouse:URL." };
    private readonly Option<string?> _environment = new("--environment") { Description = "Only traces of this deployment environment." };
    private readonly Option<bool> _strict = new("--strict") { Description = "Any problem of the input is fatal." };
    private readonly Option<bool> _noIndex = new("--no-index") { Description = "Keep no index beside a large file (FILE.rhx)." };

    public Option<bool> Json { get; } = new("--json") { Description = "One JSON document on standard output." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_source);
        command.Options.Add(_environment);
        command.Options.Add(_strict);
        command.Options.Add(_noIndex);
        command.Options.Add(Json);
    }

    public string Text(ParseResult parsed) => parsed.GetRequiredValue(_source);

    /// <summary>The traces that a query asks for, as they are read; problems that lose nothing else go to standard error at the end.</summary>
    public IEnumerable<Trace> Stream(ParseResult parsed, TraceQuery query) => Select(parsed, query, trace => trace);

    /// <summary>What becomes of each trace that a query asks for; <paramref name="map"/> runs on all processors.</summary>
    public IEnumerable<T> Select<T>(ParseResult parsed, TraceQuery query, Func<Trace, T> map)
    {
        query = query with { Environment = parsed.GetValue(_environment) };
        var bar = ReadBar.OnTerminal();
        using var reading = Open(Text(parsed), query, new ReadOptions { Strict = parsed.GetValue(_strict), UseIndex = !parsed.GetValue(_noIndex), Progress = bar });
        bar?.Clear();
        foreach (var item in reading.Select(query, map)) yield return item;
        foreach (var problem in reading.Problems) Console.Error.WriteLine($"replay-harness: {problem}");
    }

    /// <summary>The traces that a query asks for.</summary>
    public IReadOnlyList<Trace> Load(ParseResult parsed, TraceQuery? query = null) => [.. Stream(parsed, query ?? TraceQuery.All)];

    /// <summary>Every trace of a source that is named beside the first.</summary>
    public static IReadOnlyList<Trace> Load(string source)
    {
        using var reading = Open(source, TraceQuery.All, new ReadOptions());
        Trace[] traces = [.. reading.Traces(TraceQuery.All)];
        foreach (var problem in reading.Problems) Console.Error.WriteLine($"replay-harness: {problem}");
        return traces;
    }

    /// <summary>The trace of an id, or of a prefix that only one trace has.</summary>
    public Trace LoadOne(ParseResult parsed, string traceId)
    {
        var traces = Load(parsed, new TraceQuery { TraceId = traceId });
        if (traces.Count == 1) return traces[0];
        var some = string.Join(", ", traces.Take(5).Select(t => t.TraceId));
        throw new BadInputException(traces.Count == 0
            ? $"{Text(parsed)}: holds no trace {traceId}. Find one with: replay-harness find {Text(parsed)} --where KEY=VALUE"
            : $"{Text(parsed)}: {traceId} stands for {traces.Count} traces: {some}{(traces.Count > 5 ? ", …" : "")}; give more digits");
    }

    private static TraceReading Open(string source, TraceQuery query, ReadOptions options) => TraceReading.Open(source, query, options);
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

    /// <summary>The traces that hold such a span.</summary>
    public IReadOnlyList<Trace> Select(Source source, ParseResult parsed)
    {
        var selected = source.Load(parsed, new TraceQuery { Where = (Key, Value) });
        return selected.Count > 0 ? selected : throw new BadInputException($"{source.Text(parsed)}: no span has {Key}={Value}; check the key with: replay-harness tree {source.Text(parsed)} --trace ID --json");
    }
}
