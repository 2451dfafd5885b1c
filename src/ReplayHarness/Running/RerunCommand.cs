using System.Globalization;
using ReplayHarness.Diagnosis;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Running;

/// <summary>The command of the command-line tool that runs a job again.</summary>
internal static class RerunCommand
{
    /// <summary>The tool's name.</summary>
    public const string Tool = "replay-harness";

    /// <summary>The command.</summary>
    /// <param name="job">The job.</param>
    /// <param name="expect">The verdict on which it exits 0; null for <c>removed</c>.</param>
    public static string Of(ReplayJob job, string? expect = null)
    {
        var options = OptionsOf(job.Options) + (expect is null ? "" : $" --expect {expect}");
        var fixture = NextCommands.Quoted(job.Fixture);
        return job.Command is { } words
            ? $"{Tool} drive {fixture} {options} -- {string.Join(' ', words.Select(NextCommands.Quoted))}"
            : $"{Tool} run {fixture} --agent {NextCommands.Quoted(job.Agent)} {options}";
    }

    private static string OptionsOf(ReplayOptions options) =>
        options.Schedules.Options
        + (options.Seed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" --seed {options.Seed}"))
        + (options.Budget == Budget.Default ? "" : $" --budget {BudgetOf(options.Budget)}")
        + (options.Matching.AcceptDrift ? " --accept-drift" : "")
        + options.Matching.OnMismatch switch
        {
            MismatchPolicy.ErrorResult => " --on-mismatch error-result",
            MismatchPolicy.Continue => " --on-mismatch continue",
            _ => "",
        }
        + (options.Races ? "" : " --races off")
        + string.Concat(options.Hypotheses.Select(h => $" --hypothesis {h}"))
        + (options.Range is { } range ? $" --range {range}" : "");

    private static string BudgetOf(Budget budget) =>
        budget.Time is { } time
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s")
            : budget.Schedules.ToString(CultureInfo.InvariantCulture);
}
