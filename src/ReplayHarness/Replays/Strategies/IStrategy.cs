namespace ReplayHarness.Replays.Strategies;

/// <summary>What the kernel may do next.</summary>
/// <param name="Label">The operation or timer.</param>
/// <param name="DueTicks">When it is due, in virtual ticks.</param>
/// <param name="IsTimer">True for a timer.</param>
internal readonly record struct Choice(string Label, long DueTicks, bool IsTimer);

/// <summary>The one seam that decides all nondeterminism of a replay.</summary>
internal interface IStrategy
{
    /// <summary>A new schedule starts.</summary>
    void Begin();

    /// <summary>The index of the choice to take; called with at least one.</summary>
    int Choose(IReadOnlyList<Choice> enabled);

    /// <summary>The schedule has ended; true where there is another one to run.</summary>
    bool Next();
}
