using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ReplayHarness.Cli.Watching;
using ReplayHarness.Diagnosis;
using ReplayHarness.Stores;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>The arguments and options that every reading command shares.</summary>
internal sealed class Source
{
    private const string Forms =
        "A file, a glob, - for standard input, or a store: jaeger:URL, tempo:URL, logfire:, postgres:CONNECTION, clickhouse:URL, "
        + "s3://BUCKET/PREFIX (or a glob of keys).";

    private const int MostNamed = 5;

    private readonly Argument<string> _source = new("source") { Description = Forms };
    private readonly Option<string>? _named;
    private readonly Option<string?> _environment = new("--environment") { Description = "Only traces of this deployment environment." };
    private readonly Option<string?> _since = new("--since")
    {
        Description = "Only traces with a span from this time on: 2026-05-27T21:00:00Z, or 90m, 24h, 7d before now.",
    };
    private readonly Option<bool> _strict = new("--strict") { Description = "Any problem of the input is fatal." };
    private readonly Option<bool> _noIndex = new("--no-index") { Description = "Keep no index beside a large file (FILE.rhx)." };

    /// <param name="option">The name of the option that takes the source, where something else is the command's argument.</param>
    /// <param name="required">Whether it must be given.</param>
    public Source(string? option = null, bool required = true) =>
        _named = option is null ? null : new(option) { Description = Forms, Required = required };

    /// <summary>Whether a source is named.</summary>
    public bool IsNamed(ParseResult parsed) => _named is null || parsed.GetValue(_named) is not null;

    public Option<bool> Json { get; } = new("--json") { Description = "One JSON document on standard output." };

    public void AddTo(Command command)
    {
        if (_named is null)
            command.Arguments.Add(_source);
        else
            command.Options.Add(_named);
        command.Options.Add(_environment);
        command.Options.Add(_since);
        command.Options.Add(_strict);
        command.Options.Add(_noIndex);
        command.Options.Add(Json);
    }

    /// <summary>The source as messages and commands call it: what is secret in it is left out.</summary>
    public string Text(ParseResult parsed) => Named(parsed).ToString();

    /// <summary>The argument, for what checks a command line.</summary>
    public string Argument(SymbolResult result) => result.GetValue(_source) ?? "";

    /// <summary>The source, as whoever opens it needs it.</summary>
    public Secret Named(ParseResult parsed) => new(_named is null ? parsed.GetRequiredValue(_source) : parsed.GetRequiredValue(_named));

    /// <summary>
    /// The traces that a query asks for, as they are read; problems that lose nothing else go to standard error at the end.
    /// </summary>
    public IEnumerable<Trace> Stream(ParseResult parsed, TraceQuery query) => Select(parsed, query, trace => trace);

    /// <summary>What becomes of each trace that a query asks for; <paramref name="map"/> runs on all processors.</summary>
    public IEnumerable<T> Select<T>(ParseResult parsed, TraceQuery query, Func<Trace, T> map)
    {
        query = Narrowed(parsed, query);
        if (Stores.Open(Named(parsed).Reveal(), parsed.GetValue(_strict)) is { } store)
        {
            var set = store.Load(query);
            foreach (var trace in set.Traces.Where(query.Matches))
                yield return map(trace);
            Tell(Text(parsed), set.Problems, set.Traces.Count == 0);
            yield break;
        }
        var bar = ReadBar.OnTerminal();
        using var reading = TraceReading.Open(
            Named(parsed).Reveal(),
            query,
            new ReadOptions
            {
                Strict = parsed.GetValue(_strict),
                UseIndex = !parsed.GetValue(_noIndex),
                Progress = bar,
            }
        );
        bar?.Clear();
        foreach (var item in reading.Select(query, map))
            yield return item;
        Tell(Text(parsed), reading.Problems, reading.CountSpans() == 0);
    }

    /// <summary>The source, to be read again and again.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="own">How the paths of what the command writes begin: it is no part of the source.</param>
    /// <param name="folder">The folder that stands for the source, or null.</param>
    public WatchedSource Watched(ParseResult parsed, IReadOnlyList<string> own, string? folder = null) =>
        WatchedSource.Of(
            folder ?? Named(parsed).Reveal(),
            Narrowed(parsed, TraceQuery.All),
            new ReadOptions { Strict = parsed.GetValue(_strict), UseIndex = !parsed.GetValue(_noIndex) },
            own
        );

    private TraceQuery Narrowed(ParseResult parsed, TraceQuery query) =>
        query with
        {
            Environment = parsed.GetValue(_environment),
            SinceNanos = parsed.GetValue(_since) is { } since ? Since.Parse(since) : null,
        };

    /// <summary>Whether options leave a part of the source only.</summary>
    public bool IsNarrowed(ParseResult parsed) => parsed.GetValue(_environment) is not null || parsed.GetValue(_since) is not null;

    private static void Tell(string source, IReadOnlyList<InputProblem> problems, bool nothing)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine($"replay-harness: {problem}");
        if (nothing && problems.Count > 0)
            throw new BadInputException($"{source}: nothing of it could be read");
    }

    /// <summary>The traces that a query asks for.</summary>
    public IReadOnlyList<Trace> Load(ParseResult parsed, TraceQuery? query = null) => [.. Stream(parsed, query ?? TraceQuery.All)];

    /// <summary>Every trace of a source that is named beside the first.</summary>
    public static IReadOnlyList<Trace> Load(string source)
    {
        var set = Stores.Open(source, strict: false)?.Load(TraceQuery.All) ?? TraceFiles.Load(source);
        foreach (var problem in set.Problems)
            Console.Error.WriteLine($"replay-harness: {problem}");
        return set.Traces;
    }

    /// <summary>The trace of an id, or of a prefix that only one trace has.</summary>
    public Trace LoadOne(ParseResult parsed, string traceId)
    {
        var traces = Load(parsed, new TraceQuery { TraceId = traceId });
        if (traces.Count == 1)
            return traces[0];
        if (traces.Count == 0)
            throw HoldsNone(Text(parsed), traceId);
        var some = string.Join(", ", traces.Take(5).Select(t => t.TraceId));
        throw new BadInputException(
            $"{Text(parsed)}: {traceId} stands for {traces.Count} traces: {some}{(traces.Count > 5 ? ", …" : "")}; give more digits"
        );
    }

    /// <summary>The trace of a file that holds one.</summary>
    /// <exception cref="BadInputException">It holds several, or it is a store, of which all would have to be read.</exception>
    public Trace LoadOnly(ParseResult parsed)
    {
        var needs = $"{parsed.CommandResult.Command.Name} needs one of --trace ID and --where KEY=VALUE";
        var runs = $"What each run did says: replay-harness inspect {NextCommands.Quoted(Text(parsed))}";
        if (Stores.Open(Named(parsed).Reveal(), strict: false) is not null)
            throw new BadInputException($"{Text(parsed)}: is a store: {needs}. {runs} --since 24h");
        // A few are enough to be named, of whatever a large file holds.
        Trace[] some = [.. Stream(parsed, TraceQuery.All).Take(MostNamed + 1)];
        return some switch
        {
            [var only] => only,
            [] => throw new BadInputException($"{Text(parsed)}: holds no trace"),
            _ => throw new BadInputException(
                $"{Text(parsed)}: holds several traces: {needs}: "
                    + $"{string.Join(", ", some.Take(MostNamed).Select(t => t.TraceId))}{(some.Length > MostNamed ? ", …" : "")}. {runs}"
            ),
        };
    }

    /// <summary>That a source holds no trace of an id.</summary>
    public static BadInputException HoldsNone(string source, string traceId) =>
        new($"{source}: holds no trace {traceId}. Find one with: replay-harness find {source} --where KEY=VALUE");
}

/// <summary>A time to begin with, absolute or before now.</summary>
internal static class Since
{
    /// <exception cref="BadInputException">It is neither.</exception>
    public static long Parse(string text)
    {
        if (Span(text) is { } before)
            return Nanos(RealTime.UtcNow - before);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return Nanos(time);
        throw new BadInputException(
            $"--since {text}: expected a time (2026-05-27T21:00:00Z), or minutes, hours or days before now (90m, 24h, 7d)"
        );
    }

    /// <summary>Minutes, hours or days (90m, 24h, 7d), or null for another text.</summary>
    public static TimeSpan? Span(string text) =>
        text.Length < 2
        || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        || count >= 100_000
            ? null
            : text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(count),
                _ => null,
            };

    private static long Nanos(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;
}

/// <summary>KEY=VALUE: the domain id of what failed.</summary>
internal sealed record Where(string Key, string Value)
{
    public static Option<string?> Option(bool required = false) =>
        new("--where") { Description = "KEY=VALUE: an attribute of the spans, for example task_id=42.", Required = required };

    public static Where Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new(text[..at], text[(at + 1)..])
            : throw new BadInputException($"--where {text}: expected KEY=VALUE, for example --where task_id=42");
    }

    public bool Matches(Span span) => span.Text(Key) == Value;

    /// <summary>The traces that hold such a span.</summary>
    public IReadOnlyList<Trace> Select(Source source, ParseResult parsed)
    {
        var selected = source.Load(parsed, new TraceQuery { Where = (Key, Value) });
        return selected.Count > 0
            ? selected
            : throw new BadInputException(
                $"{source.Text(parsed)}: no span has {Key}={Value}; which attributes its spans have shows: replay-harness "
                    + $"convert {NextCommands.Quoted(source.Text(parsed))}"
            );
    }
}
