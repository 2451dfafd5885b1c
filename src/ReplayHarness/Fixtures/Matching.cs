namespace ReplayHarness.Fixtures;

/// <summary>What becomes of a call that nothing in the fixture matches.</summary>
public enum MismatchPolicy
{
    /// <summary>The replay ends: it has diverged.</summary>
    Fail,

    /// <summary>
    /// A tool's call ends with an error, an http request with 404; the agent goes on. What contradicts the model's recording still ends
    /// the replay.
    /// </summary>
    ErrorResult,

    /// <summary>
    /// As <see cref="ErrorResult"/>; and the model answers what contradicts its recording with a synthetic final message.
    /// </summary>
    Continue,
}

/// <summary>How strictly calls are matched to what the fixture holds.</summary>
/// <param name="AcceptDrift">Whether a call of a known tool with other arguments takes what the nearest captured call did, and another
/// text of the user is accepted; noted as drift.</param>
/// <param name="OnMismatch">What becomes of a call that nothing matches.</param>
public sealed record Matching(bool AcceptDrift = false, MismatchPolicy OnMismatch = MismatchPolicy.Fail)
{
    /// <summary>Divergences end the replay.</summary>
    public static Matching Strict { get; } = new();
}
