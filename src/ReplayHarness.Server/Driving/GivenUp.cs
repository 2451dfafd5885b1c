namespace ReplayHarness.Server.Driving;

/// <summary>A request that the agent gave up on while its answer was held, after it had got another.</summary>
/// <param name="Label">The request.</param>
/// <param name="Answered">The request that was answered last before.</param>
/// <param name="Age">How long it had waited, in real time.</param>
internal sealed record GivenUp(string Label, string Answered, TimeSpan Age);

/// <summary>
/// Tells a reaction from a time-out. The same schedule is run once more with answers held longer: what the agent gives up on because of
/// another answer, it gives up on as much later; its own time-out passes when it did before.
/// </summary>
internal sealed class Reactions
{
    /// <summary>How much longer answers are held in the second run.</summary>
    public static readonly TimeSpan Longer = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<(string Label, string Answered), bool> _known = [];

    /// <summary>Whether some of these must be looked at once more.</summary>
    public bool AreUnknown(DrivenSchedule schedule) => schedule.GivenUp.Exists(g => !_known.ContainsKey(KeyOf(g)));

    /// <summary>Compares the two runs.</summary>
    public void Learn(DrivenSchedule before, DrivenSchedule longer)
    {
        foreach (var given in before.GivenUp)
            _known.TryAdd(
                KeyOf(given),
                longer.Overtaken is null
                    && longer.GivenUp.Find(g => KeyOf(g) == KeyOf(given)) is { } again
                    && again.Age - given.Age > Longer / 2
            );
    }

    /// <summary>The first request that was not given up on as a reaction, as far as is known; null where all were.</summary>
    public string? TimedOut(DrivenSchedule schedule) => schedule.GivenUp.Find(g => !_known.GetValueOrDefault(KeyOf(g)))?.Label;

    private static (string, string) KeyOf(GivenUp given) => (given.Label, given.Answered);
}
