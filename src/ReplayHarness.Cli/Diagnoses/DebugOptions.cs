using System.CommandLine;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>What a diagnosis may be given.</summary>
internal sealed class DebugOptions
{
    public Source Traces { get; } = new("--traces");

    public Option<string?> Logs { get; } =
        new("--logs") { Description = "Logs: JSON lines, OTLP logs, or lines that begin with a time; a file, a glob or -." };

    public Option<string?> Metrics { get; } =
        new("--metrics")
        {
            Description =
                "A JSON snapshot of metrics, what listen kept (*.metrics.jsonl), or prometheus:URL. Left out, they are computed from "
                + "the traces.",
        };

    public Option<string[]> Metric { get; } =
        new("--metric")
        {
            Description = "SIGNAL=NAME: how Prometheus names a signal, for example run_latency=my_run_seconds; may be repeated.",
        };

    public Option<string> Window { get; } =
        new("--window")
        {
            Description = "The time before the run's end over which Prometheus is asked: 30m, 1h, 1d.",
            DefaultValueFactory = _ => "1h",
        };

    public Option<int?> Slo { get; } = new("--slo-ms") { Description = "The promised latency of a run, in milliseconds." };

    public Option<string?> Baseline { get; } =
        new("--baseline") { Description = "The release to compare with; left out, the one that was seen before the run's own." };

    public Option<string?> Healthy { get; } =
        new("--healthy") { Description = "A source that shows the calls that failed as they go when nothing is wrong." };

    public Option<string?> Code { get; } =
        new("--code") { Description = "The root of the agent's source: lines that hold the time-out become evidence." };

    public Option<string?> Fixture { get; } =
        new("--fixture") { Description = "The fixture that was captured from the run; the commands that come next then use it." };

    public Option<string?> Agent { get; } =
        new("--agent") { Description = "DLL[:TYPE] of the agent's driver, for the commands that come next." };

    public Option<string[]> Replayed { get; } =
        new("--replayed") { Description = "What run --json printed: it confirms hypotheses or refutes them; may be repeated." };

    public Option<bool> Json => Traces.Json;

    public void AddTo(Command command)
    {
        Traces.AddTo(command);
        foreach (var option in (Option[])[Logs, Metrics, Metric, Window, Slo, Baseline, Healthy, Code, Fixture, Agent, Replayed])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Slo) is < 1)
                result.AddError($"--slo-ms {result.GetValue(Slo)}: expected 1 or more milliseconds");
            if (result.GetValue(Window) is { } window && !(Since.Span(window) > TimeSpan.Zero))
                result.AddError($"--window {window}: expected minutes, hours or days (30m, 1h, 1d)");
        });
    }
}
