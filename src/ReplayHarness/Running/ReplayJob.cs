using System.Globalization;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Running;

/// <summary>What to replay.</summary>
public sealed record ReplayJob
{
    /// <summary>The fixture's folder.</summary>
    public required string Fixture { get; init; }

    /// <summary>The assembly that holds the driver.</summary>
    public required string Assembly { get; init; }

    /// <summary>The driver's full type name; null where the assembly holds just one.</summary>
    public string? Driver { get; init; }

    /// <summary><c>captured</c>, <c>all</c>, or a number of random schedules.</summary>
    public string Schedules { get; init; } = "all";

    /// <summary>A schedule file that is followed exactly, instead of <see cref="Schedules"/>; null for none.</summary>
    public string? ScheduleFile { get; init; }

    /// <summary>How random schedules are drawn: <c>random</c>, or <c>pct:D</c> for bugs of depth D.</summary>
    public string Strategy { get; init; } = "random";

    /// <summary>Every latency is up to this many percent shorter or longer than captured; null for any order.</summary>
    public int? JitterPercent { get; init; }

    /// <summary>Every placement of up to this many faults is replayed, in the captured order; 0 for none.</summary>
    public int Faults { get; init; }

    /// <summary>Also the order of work items that are ready at once is chosen.</summary>
    public bool InterleaveItems { get; init; }

    /// <summary>The seed of random schedules.</summary>
    public ulong Seed { get; init; }

    /// <summary>The most schedules that are explored for one hypothesis.</summary>
    public int MaxSchedules { get; init; } = 100_000;

    /// <summary>The longest that one hypothesis is explored, in seconds of real time; null for no bound.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>How long one step of a replay may take, in seconds of real time, before it counts as stuck.</summary>
    public double StepSeconds { get; init; } = 10;

    /// <summary>How strictly calls are matched to what the fixture holds.</summary>
    public Matching Matching { get; init; } = Matching.Strict;

    /// <summary>Only these hypotheses; empty for all.</summary>
    public IReadOnlyList<string> Hypotheses { get; init; } = [];

    /// <summary>The command that runs this job again.</summary>
    /// <param name="expect">The verdict on which it exits 0; null for <c>removed</c>.</param>
    public string Command(string? expect = null) =>
        $"replay-harness run {Fixture} --agent {Assembly}{(Driver is null ? "" : ":" + Driver)} {(ScheduleFile is null ? $"--schedules {Schedules}" : $"--schedule {ScheduleFile}")}"
        + (Strategy == "random" ? "" : $" --strategy {Strategy}")
        + (JitterPercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $" --jitter {percent}") : "")
        + (Faults == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" --faults {Faults}"))
        + (InterleaveItems ? " --interleave items" : "")
        + (Seed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" --seed {Seed}"))
        + (Matching.AcceptDrift ? " --accept-drift" : "")
        + (
            Matching.OnMismatch == MismatchPolicy.Fail
                ? ""
                : $" --on-mismatch {(Matching.OnMismatch == MismatchPolicy.Continue ? "continue" : "error-result")}"
        )
        + string.Concat(Hypotheses.Select(h => $" --hypothesis {h}"))
        + (expect is null ? "" : $" --expect {expect}");
}
