using System.CommandLine;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>
/// Which traces of a source a command is about: <c>--trace ID</c> or <c>--where KEY=VALUE</c>, with one meaning everywhere.
/// </summary>
internal sealed class Selection
{
    private readonly Option<string?> _trace = new("--trace") { Description = "The trace id, or its first digits." };
    private readonly Option<string?> _where = Where.Option();

    /// <summary>Adds both options, of which exactly one must be given.</summary>
    public void AddTo(Command command)
    {
        AddOptionalTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(_trace) is null) == (result.GetValue(_where) is null))
                result.AddError($"{command.Name} needs one of --trace ID and --where KEY=VALUE");
        });
    }

    /// <summary>Adds both options, which narrow a source down; none of them takes all of it.</summary>
    public void AddOptionalTo(Command command)
    {
        command.Options.Add(_trace);
        command.Options.Add(_where);
    }

    /// <summary>What was given, for who reads a source as a stream.</summary>
    public TraceQuery Query(ParseResult parsed) =>
        new()
        {
            TraceId = parsed.GetValue(_trace),
            Where = parsed.GetValue(_where) is { } text && Where.Parse(text) is var (key, value) ? (key, value) : null,
        };

    /// <summary>The traces, at least one, and how they were selected.</summary>
    public (IReadOnlyList<Trace> Traces, string Selected) Load(Source source, ParseResult parsed)
    {
        if (parsed.GetValue(_where) is { } where)
            return (Where.Parse(where).Select(source, parsed), where);
        var one = source.LoadOne(parsed, parsed.GetValue(_trace)!);
        return ([one], $"trace {one.TraceId}");
    }

    /// <summary>The one trace.</summary>
    /// <exception cref="BadInputException">There are several.</exception>
    public Trace LoadOne(Source source, ParseResult parsed, string why)
    {
        var (traces, selected) = Load(source, parsed);
        return traces is [var only]
            ? only
            : throw new BadInputException(
                $"{source.Text(parsed)}: {selected} stands for {traces.Count} traces: "
                    + $"{string.Join(", ", traces.Take(5).Select(t => t.TraceId))}{(traces.Count > 5 ? ", …" : "")}; {why}: give --trace ID"
            );
    }
}
