namespace ReplayHarness.Replays;

/// <content>Types of the agent's team that could not be initialised: whatever catches that, they stay unusable in production.</content>
internal sealed partial class Kernel
{
    private readonly List<string> _failedInitialisers = [];

    /// <summary>What failed before the run ended, as sentences without their full stops.</summary>
    public IReadOnlyList<string> FailedInitialisers => _failedInitialisers;

    /// <summary>A static constructor or the value of a static field has thrown.</summary>
    /// <param name="type">The type.</param>
    /// <param name="error">What was thrown.</param>
    public void NoteFailedInitialiser(string type, Exception error)
    {
        lock (_failedInitialisers)
            if (_endTicks is null)
                _failedInitialisers.Add(
                    $"the type initialiser of {type} failed ({error.GetType().FullName}: {error.Message}), "
                        + $"and something around it caught that"
                );
    }
}
