using System.Numerics;

namespace ReplayHarness.Replays.Strategies;

/// <summary>
/// A given number of schedules, each drawn with equal chances from all that an exploration with equal states merged has counted, and run
/// to its end: each must pass the states and end with the outcome that the exploration says. One that does not shows that states were
/// taken for equal that are not.
/// </summary>
/// <param name="first">What every schedule begins with, as explored.</param>
/// <param name="seed">The seed.</param>
/// <param name="schedules">How many schedules.</param>
internal sealed class Predicted(Explored.Next first, ulong seed, int schedules) : IStrategy
{
    private int _run;
    private Xorshift _random;
    private Explored.Next _expected;

    /// <summary>True once a schedule went another way than was said.</summary>
    public bool IsWrong { get; private set; }

    public void Begin() => (_random, _expected) = (Xorshift.Of(seed, _run), first);

    public int Choose(Decision decision)
    {
        if (_expected.Decision is not { } expected)
        {
            // It should have ended, or was lost before: what it shows counts all the same.
            IsWrong = true;
            return _random.Below(decision.Enabled.Count);
        }
        if (expected.After.Count != decision.Enabled.Count || expected.State != decision.State())
        {
            (IsWrong, _expected) = (true, default);
            return _random.Below(decision.Enabled.Count);
        }
        var chosen = Draw(expected);
        _expected = expected.After[chosen];
        return chosen;
    }

    public bool Next(string? outcome)
    {
        IsWrong |= _expected.Decision is not null || _expected.Outcome != outcome;
        return !IsWrong && ++_run < schedules;
    }

    // By how many schedules follow from each choice.
    private int Draw(Explored decision)
    {
        const int Parts = 1 << 30;
        var at = decision.Schedules * _random.Below(Parts) / Parts;
        for (var i = 0; ; i++)
        {
            at -= decision.After[i].Schedules;
            if (at < BigInteger.Zero)
                return i;
        }
    }
}
