using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Server;

/// <summary>One agent's dealings with the mocks: how far the recording was played to it.</summary>
/// <param name="index">The fixture.</param>
/// <param name="responder">When answers come.</param>
/// <param name="log">Told of each request in one line.</param>
/// <param name="hypothesis">What is mocked; null for the model, the tools over MCP, and healthy HTTP.</param>
internal sealed class Session(FixtureIndex index, IResponder responder, Action<string>? log = null, Hypothesis? hypothesis = null)
{
    public FixtureIndex Index => index;

    public IResponder Responder => responder;

    /// <summary>Taken to play on: one agent is served, and should it ask twice at once, its requests are taken one after the other.</summary>
    public Lock Gate { get; } = new();

    public Conversation Conversation { get; } = new(index);

    public WireModel Model => field ??= new(Conversation);

    public ToolMatcher Tools { get; } = new(index);

    public HttpScript Http { get; } = new(index);

    /// <summary>The first request that contradicted the recording, or null.</summary>
    public Divergence? Divergence { get; private set; }

    /// <summary>Whether a request of a tool's own code ends as the tool call did when captured.</summary>
    public bool ImposesOnHttp => hypothesis?.ImposesOnHttp == true;

    public void Diverge(Divergence divergence) => Divergence ??= divergence;

    /// <summary>Notes a request that nothing answers: where the policy is to go on, as drift.</summary>
    public void DivergeUnlessPolicy(Divergence divergence, string instead)
    {
        if (index.Matching.OnMismatch == MismatchPolicy.Fail)
            Diverge(divergence);
        else
            lock (Gate)
                Conversation.Note($"no match, and {instead} in its place: {divergence}");
    }

    public void Tell(string line) => log?.Invoke(line);
}
