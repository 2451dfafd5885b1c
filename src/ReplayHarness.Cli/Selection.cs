using System.CommandLine;
using ReplayHarness.Diagnosis;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>
/// Which traces of a source a command is about: <c>--trace ID</c> or <c>--where KEY=VALUE</c>, with one meaning everywhere.
/// </summary>
internal sealed class Selection
{
    private readonly Option<string?> _trace = new("--trace") { Description = "The trace id, or its first digits." };
    private readonly Option<string?> _where = Where.Option();

    /// <summary>Adds both options, of which one at most is given; of a file with one trace none needs to be.</summary>
    public void AddTo(Command command)
    {
        AddOptionalTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_trace) is not null && result.GetValue(_where) is not null)
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
        var one = parsed.GetValue(_trace) is { } id ? source.LoadOne(parsed, id) : source.LoadOnly(parsed);
        return ([one], $"trace {one.TraceId}");
    }

    /// <summary>The option that selects these traces again.</summary>
    public string Words(ParseResult parsed, IReadOnlyList<Trace> traces) =>
        parsed.GetValue(_where) is { } where ? $"--where {NextCommands.Quoted(where)}" : $"--trace {traces[0].TraceId}";

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
