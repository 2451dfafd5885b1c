using System.Diagnostics;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays.States;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// One schedule as the mocks see it: how far the fixture's scripts were played to one agent, and the record of every call.
/// </summary>
/// <param name="index">The fixture.</param>
/// <param name="hypothesis">
/// What is mocked; null for what a fixture's server serves: the model, the tools over MCP, and healthy HTTP.
/// </param>
/// <param name="log">Told of each request in one line; null for nobody.</param>
internal sealed class ReplayContext(FixtureIndex index, Hypothesis? hypothesis = null, Action<string>? log = null)
{
    private readonly List<Answer> _inFlight = [];
    private readonly List<(BoundaryCall Call, BoundaryCall Other)> _beside = [];
    private bool _overlapped;
    private Func<long>? _modelCallsSoFar;
    private long _modelCalls;

    public FixtureIndex Index => index;

    public Hypothesis? Hypothesis => hypothesis;

    /// <summary>
    /// Whether every call of a tool comes here: so it is where tools are called in this process. Else a tool's own requests may be all that
    /// is seen of it.
    /// </summary>
    public bool SeesTools { get; init; }

    /// <summary>Gives the responses that are tried where none is authored; null where the agent is replayed.</summary>
    public Func<HttpInference?>? Inference { get; init; }

    /// <summary>
    /// Taken to play on: one agent is served, and should it ask twice at once, its requests are taken one after the other.
    /// </summary>
    public Lock Gate { get; } = new();

    /// <summary>The time, in ticks of the schedule.</summary>
    public Func<long> Now { get; init; } = static () => 0;

    /// <summary>How much of the agent's own time passes in a second of the schedule's.</summary>
    public double ClientScale { get; init; } = 1;

    public Conversation Conversation => field ??= new(index, NewProvider);

    public WireModel Model => field ??= new(Conversation);

    public ToolMatcher Tools { get; } = new(index);

    public HttpScript Http { get; } = new(index);

    public List<BoundaryCall> Calls { get; } = [];

    /// <summary>True once the agent's run has ended: calls that it makes afterwards are no part of it.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Tools and models that were called after the run had ended.</summary>
    public SortedSet<string> CalledLate { get; } = new(StringComparer.Ordinal);

    /// <summary>What of the agent's own had to be replaced, as sentences without their full stops.</summary>
    public SortedSet<string> Replaced { get; } = new(StringComparer.Ordinal);

    /// <summary>The agent's run has ended.</summary>
    public void EndRun()
    {
        HasEnded = true;
        foreach (var call in Calls)
            call.EndRun();
    }

    /// <summary>
    /// True once two sibling calls were in flight at once: their requests; or the calls themselves, where one of them has sent none.
    /// </summary>
    public bool Overlapped => _overlapped || _beside.Exists(pair => pair.Call.Requests.Count == 0 || pair.Other.Requests.Count == 0);

    /// <summary>How many pairs of sibling calls ran in their own code at once.</summary>
    public int Beside => _beside.Count;

    /// <summary>The first request that contradicted the fixture, or null.</summary>
    public Divergence? Divergence { get; private set; }

    public IEnumerable<string> Drift => Tools.Drift.Concat(Conversation.Drift);

    /// <summary>Whether a request of a tool's own code ends as the tool call did when captured.</summary>
    public bool ImposesOnHttp => !SeesTools && hypothesis?.ImposesOnHttp == true;

    // Nothing is known of what a provider refuses where the fixture does not show that it was deserved.
    private HealthyProvider? NewProvider() =>
        hypothesis?.RefusesWhatDeservesIt == true && index.Fixture.Hypotheses.Any(h => h.ShowsThatRefusalsAreDeserved)
            ? new(index.Fixture, Now, ClientScale)
            : null;

    /// <summary>Whether anybody is told of requests.</summary>
    public bool IsLogged => log is not null;

    public void Tell(string line) => log?.Invoke(line);

    /// <summary>Notes that the agent contradicts the fixture.</summary>
    public void Note(Divergence divergence) => Divergence ??= divergence;

    /// <summary>The agent contradicts the fixture; where it is in another process, it is told so.</summary>
    public Answer Diverge(Divergence divergence, Outcome told)
    {
        Note(divergence);
        return Answer.Refuse(divergence, told);
    }

    /// <summary>
    /// Nothing answers a request: the agent contradicts the fixture, or, where the policy is to go on, gets something else in its place.
    /// </summary>
    public Answer DivergeUnlessPolicy(Divergence divergence, string instead, Outcome told)
    {
        if (index.Matching.OnMismatch == MismatchPolicy.Fail)
            return Diverge(divergence, told);
        lock (Gate)
            Conversation.Note($"no match, and {instead} in its place: {divergence}");
        return Answer.AtOnce(told);
    }

    /// <summary>A call at the place that the conversation has reached.</summary>
    public BoundaryCall CallOf(
        BoundaryKind kind,
        string name,
        string? arguments = null,
        Behaviour? behaviour = null,
        IReadOnlyList<ChatMessage>? input = null,
        ulong request = 0
    )
    {
        var (id, turn, of) = kind == BoundaryKind.Tool ? Conversation.TakeCall(name, arguments!) : (null, Conversation.Served, null);
        return new()
        {
            Kind = kind,
            Name = name,
            Attempt = Conversation.Attempt,
            Turn = turn,
            Arguments = arguments,
            CallId = id,
            Caller = kind == BoundaryKind.Model || of is not null ? Conversation.CallerOf(of) : null,
            Behaviour = behaviour,
            Input = input,
            Request = input is null ? request : CallLog.WordOf(input),
            ModelCallsBefore = _modelCallsSoFar ??= () => _modelCalls,
        };
    }

    /// <summary>A call is made.</summary>
    /// <param name="call">The call.</param>
    /// <param name="ticks">When.</param>
    /// <param name="parent">The agent's span in which it is made, where that is known.</param>
    /// <param name="within">The tool call in which it is made, where that is known.</param>
    public void Begin(BoundaryCall call, long ticks, Activity? parent = null, BoundaryCall? within = null)
    {
        call.StartTicks = ticks;
        call.Parent = parent;
        if (call.Kind == BoundaryKind.Http)
        {
            call.Owner = within;
            within?.Requests.Add(call.Name);
        }
        if (!HasEnded)
            Calls.Add(call);
        else if (call.Kind != BoundaryKind.Http)
            CalledLate.Add(call.Name);
        // A tool whose own code runs is in flight without an answer under way.
        if (call.Kind == BoundaryKind.Tool && !_overlapped)
            _beside.AddRange(Calls.Where(other => !other.Ended && AreSiblings(call, other)).Select(other => (call, other)));
        if (call.Kind != BoundaryKind.Model)
            return;
        _modelCalls++;
        if (within is not null)
            within.AsksModel = true;
    }

    /// <summary>An answer is under way to the agent.</summary>
    public void Enter(Answer answer)
    {
        _overlapped |= SiblingsInFlight(answer.Call!).Any();
        _inFlight.Add(answer);
    }

    /// <summary>It is no longer.</summary>
    public void Leave(Answer answer) => _inFlight.Remove(answer);

    /// <summary>
    /// The calls in flight that a sibling of <paramref name="call"/> made: of the same attempt and turn, but another tool call.
    /// </summary>
    public IEnumerable<Answer> SiblingsInFlight(BoundaryCall call) =>
        call.Kind == BoundaryKind.Model ? [] : _inFlight.Where(other => AreSiblings(call, other.Call!));

    // Where tools are not seen, nobody knows which of them sent a request.
    private bool AreSiblings(BoundaryCall call, BoundaryCall other) =>
        other != call
        && other.Kind == call.Kind
        && other.Attempt == call.Attempt
        && other.Turn == call.Turn
        && (call.Kind == BoundaryKind.Tool || !SeesTools || other.Owner != call.Owner);

    /// <summary>Adds how far the fixture's scripts have been played.</summary>
    public void AddScripts(IStateWords walk)
    {
        Conversation.AddTo(walk);
        ulong served = 0;
        foreach (var behaviour in Tools.Served)
            served += StateHash.WordOf(behaviour.Id);
        walk.Add(served);
        walk.Add(Tools.Drift.Count);
        foreach (var (scenario, state) in Http.States)
        {
            walk.Add(scenario);
            walk.Add(state);
        }
        foreach (var answer in _inFlight)
            walk.Add(answer.Call!.ContendedWith);
    }
}
