using System.Diagnostics;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays.States;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>What the boundaries of one schedule share: the kernel, the fixture's scripts, and the record of every call.</summary>
internal sealed class ReplayContext(Kernel kernel, FixtureIndex index, Hypothesis hypothesis)
{
    private readonly List<BoundaryCall> _inFlight = [];
    private long _modelCalls;

    public static AsyncLocal<BoundaryCall?> CurrentTool { get; } = new();

    public Kernel Kernel => kernel;

    public FixtureIndex Index => index;

    public Hypothesis Hypothesis => hypothesis;

    public Conversation Conversation { get; } = new(index);

    public ToolMatcher Tools { get; } = new(index);

    public HttpScript Http { get; } = new(index);

    public List<BoundaryCall> Calls { get; } = [];

    /// <summary>True once two sibling calls were in flight at once.</summary>
    public bool Overlapped { get; private set; }

    public Divergence? Divergence { get; private set; }

    public IEnumerable<string> Drift => Tools.Drift.Concat(Conversation.Drift);

    /// <summary>Ends the replay: the agent contradicted the fixture. The agent never sees an answer that nobody recorded.</summary>
    public Task<T> Diverge<T>(Divergence divergence)
    {
        Divergence ??= divergence;
        kernel.Stop();
        return new TaskCompletionSource<T>().Task;
    }

    public BoundaryCall Begin(
        BoundaryKind kind,
        string name,
        string? arguments = null,
        string? callId = null,
        Behaviour? behaviour = null,
        IReadOnlyList<Microsoft.Extensions.AI.ChatMessage>? input = null
    )
    {
        var call = new BoundaryCall
        {
            Kind = kind,
            Name = name,
            Attempt = Conversation.Attempt,
            Turn = Conversation.Served,
            StartTicks = kernel.Time.NowTicks,
            Parent = Activity.Current,
            Arguments = arguments,
            CallId = callId,
            Behaviour = behaviour,
            Input = input,
            ModelCallsBefore = () => _modelCalls,
            Owner = kind == BoundaryKind.Http ? CurrentTool.Value : null,
        };
        Calls.Add(call);
        if (kind == BoundaryKind.Model)
            _modelCalls++;
        return call;
    }

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
        foreach (var call in _inFlight)
            walk.Add(call.ContendedWith);
    }

    /// <summary>Makes a call an operation that the kernel completes, and records how it ended.</summary>
    public async Task<T> OperateAsync<T>(
        BoundaryCall call,
        TimeSpan? latency,
        Func<T> outcome,
        Func<T, string?> text,
        CancellationToken token
    )
    {
        var fault = kernel.NextFault(call.Name);
        var (operation, task) = kernel.Issue(
            call.Name,
            FaultyOutcome.Latency(fault, latency),
            FaultyOutcome.Of(fault, call.Kind, outcome),
            call.Owner?.ChainName,
            token
        );
        call.Operation = operation;
        NoteOverlap(call);
        _inFlight.Add(call);
        try
        {
            var result = await task;
            call.Succeed(kernel.Time.NowTicks, text(result));
            return result;
        }
        catch (Exception e)
        {
            call.Fail(kernel.Time.NowTicks, e);
            throw;
        }
        finally
        {
            _inFlight.Remove(call);
        }
    }

    /// <summary>The calls in flight that a sibling of <paramref name="call"/> made: of the same attempt and turn, but another tool call.</summary>
    public IEnumerable<BoundaryCall> SiblingsInFlight(BoundaryCall call) =>
        _inFlight.Where(other =>
            other != call
            && other.Kind == call.Kind
            && other.Kind != BoundaryKind.Model
            && other.Attempt == call.Attempt
            && other.Turn == call.Turn
            && (call.Kind == BoundaryKind.Tool || other.Owner != call.Owner)
        );

    private void NoteOverlap(BoundaryCall call) => Overlapped |= SiblingsInFlight(call).Any();
}
