using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Diagnoses;

/// <summary>
/// Which metrics of a Prometheus hold which signal: as people and instrumentations name them, or as the command line says.
/// </summary>
internal sealed partial class PrometheusNames
{
    private static readonly (string Signal, Regex Name)[] s_known =
    [
        ("run_latency", RunLatency()),
        ("tool_latency", ToolLatency()),
        ("runs", Runs()),
        ("run_errors", RunErrors()),
        ("tool_calls", ToolCalls()),
        ("tool_errors", ToolErrors()),
        ("repeated_tool_calls", Repeated()),
        ("health_score", Health()),
        ("synthetic_run", Synthetic()),
        ("slo_latency", Slo()),
    ];

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <param name="source">What messages call the store.</param>
    /// <param name="all">The names there are.</param>
    /// <param name="given">SIGNAL=NAME each.</param>
    /// <exception cref="BadInputException">No such signal, no such metric, or none of any signal.</exception>
    public PrometheusNames(string source, string[] all, string[] given)
    {
        foreach (var (signal, pattern) in s_known)
            if (all.FirstOrDefault(pattern.IsMatch) is { } name)
                _names[signal] = name;
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            var signal = at > 0 ? text[..at] : text;
            if (at <= 0 || !s_known.Any(k => k.Signal == signal))
                throw new BadInputException(
                    $"--metric {text}: expected SIGNAL=NAME with one of {string.Join(", ", s_known.Select(k => k.Signal))}"
                );
            var name = text[(at + 1)..];
            _names[signal] =
                new[] { name, name + "_bucket", name + "_total" }.FirstOrDefault(n => all.Contains(n, StringComparer.Ordinal))
                ?? throw new BadInputException($"--metric {text}: {source} has no metric {name}");
        }
        if (_names.Count == 0)
            throw new BadInputException(
                $"{source}: none of its {all.Length} metrics is known for what it holds; name them, for example --metric "
                    + $"run_latency=my_agent_run_seconds --metric runs=my_agent_runs_total"
            );
    }

    /// <summary>The metrics that were found.</summary>
    public IEnumerable<string> All => _names.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>The metric of a signal, or null.</summary>
    public string? Of(string signal) => _names.GetValueOrDefault(signal);

    /// <summary>What a metric's unit is in seconds: its name ends in it.</summary>
    public static double UnitOf(string metric) => Milliseconds().IsMatch(metric) ? 0.001 : 1;

    [GeneratedRegex(@"(^|_)(run|agent|invoke_agent)_(latency|duration)(_seconds|_ms|_milliseconds)?_bucket$")]
    private static partial Regex RunLatency();

    [GeneratedRegex(@"(^|_)(tool|tool_call|execute_tool)_(latency|duration)(_seconds|_ms|_milliseconds)?_bucket$")]
    private static partial Regex ToolLatency();

    [GeneratedRegex(@"(^|_)(agent_)?runs?(_total|_finished_total)$")]
    private static partial Regex Runs();

    [GeneratedRegex(@"(^|_)run_(errors|failures)_total$|(^|_)runs_failed_total$")]
    private static partial Regex RunErrors();

    [GeneratedRegex(@"(^|_)tool_calls?_total$")]
    private static partial Regex ToolCalls();

    [GeneratedRegex(@"(^|_)tool_(call_)?(errors|failures)_total$")]
    private static partial Regex ToolErrors();

    [GeneratedRegex(@"(^|_)repeated_tool_calls(_total)?$")]
    private static partial Regex Repeated();

    [GeneratedRegex(@"(^|_)health_score$")]
    private static partial Regex Health();

    [GeneratedRegex(@"(^|_)synthetic_run(_status|_success|_up)?$")]
    private static partial Regex Synthetic();

    [GeneratedRegex(@"(^|_)slo_latency(_seconds|_ms|_milliseconds)?$")]
    private static partial Regex Slo();

    [GeneratedRegex(@"_(ms|milliseconds)(_bucket)?$")]
    private static partial Regex Milliseconds();
}
