namespace ReplayHarness.Replays.Races;

/// <summary>
/// Stops the agent's code once at a place, as a scheduler of threads may, until nothing else is ready. The virtual clock stands still
/// meanwhile, unless an answer comes.
/// </summary>
/// <param name="Place">The place, by its name.</param>
/// <param name="Occurrence">Which time the place is met; from 1.</param>
/// <param name="Answer">The answer that comes while the code is stopped; null where none does.</param>
internal sealed record Preemption(string Place, int Occurrence, string? Answer = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Place}#{Occurrence}") + (Answer is null ? "" : $" until {Answer} has answered");
}
