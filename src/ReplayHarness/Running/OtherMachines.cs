using System.Globalization;
using ReplayHarness.Judging;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Running;

/// <summary>
/// Where no order fails, the captured one and some others are run as on other machines: with fewer and more processors, and where numbers
/// and dates are written in another way.
/// </summary>
/// <param name="beside">Runs schedules.</param>
internal sealed class OtherMachines(Beside beside)
{
    private const int TriedOnEach = 10;

    private static readonly int[] s_processors = [1, 2, 16];

    private int _failed;

    /// <summary>Tries them.</summary>
    /// <param name="coverage">What was covered before.</param>
    /// <returns>The same, with what came of it.</returns>
    public Coverage Try(Coverage coverage)
    {
        foreach (var processors in s_processors)
            Try(new Machine { Processors = processors, HasOtherCulture = true });
        if (_failed == 0)
            return coverage;
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"fails in {_failed} of {s_processors.Length * (TriedOnEach + 1)} on other machines (1, 2 or 16 processors, another culture): "
                + $"it depends on the machine"
        );
        return coverage.With(told);
    }

    private void Try(Machine machine)
    {
        if (beside.Run(new CapturedOrder { Machine = machine }) is not { } captured)
            return;
        Look(captured, machine);
        foreach (var result in beside.RunAll(new WeightedWalk(seed: 1, TriedOnEach) { Machine = machine }))
            Look(result, machine);
    }

    private void Look(ScheduleResult result, Machine machine)
    {
        if (result.Divergence is { } divergence)
            beside.Tally.Note(new($"{Told(machine)}, contradicts the fixture: it depends on the machine ({divergence})"));
        else if (beside.ShowsSomething(result))
        {
            _failed++;
            beside.Add(result);
        }
    }

    private static string Told(Machine machine)
    {
        var processors =
            machine.Processors == 1 ? "1 processor" : string.Create(CultureInfo.InvariantCulture, $"{machine.Processors} processors");
        return $"the agent, on a machine with {processors} and another culture";
    }
}
