using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// What the fixture answers to one thing that an agent asked, and when. It is decided here, whatever carries it to the agent.
/// </summary>
/// <param name="call">
/// The call, for the record; null for what is answered at once and is no call: a refusal, a greeting of a protocol.
/// </param>
/// <param name="latency">The captured time until the answer begins; null for one that never comes.</param>
/// <param name="outcome">What the agent gets.</param>
internal sealed class Answer(BoundaryCall? call, TimeSpan? latency, Outcome outcome)
{
    public BoundaryCall? Call => call;

    public TimeSpan? Latency { get; set; } = latency;

    public Outcome Outcome { get; set; } = outcome;

    /// <summary>
    /// Why nothing answers: a request that contradicts the fixture, or one that its receiver would refuse. An agent in this process never
    /// sees an answer that nobody recorded; one in another process gets <see cref="Outcome"/>, which says why.
    /// </summary>
    public Divergence? Divergence { get; private init; }

    /// <summary>Puts an outcome into the words of the protocol that it was asked in; null where it is in them.</summary>
    public Func<Outcome, Outcome>? Encode { get; init; }

    /// <summary>The outcome as it is delivered.</summary>
    public Outcome Delivered => Encode is null ? Outcome : Encode(Outcome);

    /// <summary>What is answered at once, and is no call.</summary>
    public static Answer AtOnce(Outcome outcome) => new(null, TimeSpan.Zero, outcome);

    /// <summary>A refusal.</summary>
    public static Answer Refuse(Divergence divergence, Outcome told) => new(null, TimeSpan.Zero, told) { Divergence = divergence };
}
