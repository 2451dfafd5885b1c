using ReplayHarness.Cli.Commands;
using ReplayHarness.Judging;
using ReplayHarness.Running;

namespace ReplayHarness.Cli.Fleet;

/// <summary>What became of a job: a report, or why there is none.</summary>
/// <param name="Job">The job.</param>
/// <param name="Report">What its replay showed; null where it could not be replayed.</param>
/// <param name="Error">Why, for a person; null where it could.</param>
internal sealed record FleetRow(FleetJob Job, ReplayReport? Report, string? Error = null)
{
    /// <summary>True for a job that was not run, or not to its end, because somebody stopped all.</summary>
    public bool IsStopped { get; init; }

    /// <summary>True where it was not run, because an earlier run had shown all that it would.</summary>
    public bool IsOfBefore { get; init; }

    /// <summary>The lines about the fixture that stand above its agents; empty where it cannot be read.</summary>
    public string Heading { get; init; } = "";

    /// <summary>The page about it, in the folder of results; null where none was asked for.</summary>
    public string? Page { get; init; }

    /// <summary>How long it took, in seconds of the real clock.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether every verdict is the expected one.</summary>
    public bool AsExpected =>
        (Report, Job.Expected) is ({ } report, { } expected)
        && report.Verdict == expected.Verdict
        && expected.Hypotheses.All(h => Actual(h.Key) == h.Value.Text());

    /// <summary>The verdict under a hypothesis, or that it was not run.</summary>
    public string Actual(string hypothesis) => Report?.Hypotheses.FirstOrDefault(h => h.Name == hypothesis)?.Verdict.Text() ?? "not run";

    /// <summary>The exit code of all: that of the first verdict that is not the expected one, else of what could not run.</summary>
    public static ExitCode CodeOf(IReadOnlyList<FleetRow> rows)
    {
        if (rows.FirstOrDefault(r => r is { Report: not null, AsExpected: false }) is { } unexpected)
            return RunCommand.CodeOf(unexpected.Report!.Verdict, unexpected.Job.Expected!.Verdict) is var code && code != ExitCode.Ok
                ? code
                : ExitCode.Failure;
        if (rows.Any(r => r is { Report: null, IsStopped: false }))
            return ExitCode.BadInput;
        return rows.Any(r => r.IsStopped) ? ExitCode.NotEstablished : ExitCode.Ok;
    }
}
