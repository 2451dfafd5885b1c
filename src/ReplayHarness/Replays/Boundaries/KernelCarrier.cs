using System.Diagnostics;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>Carries answers to an agent in this process: each is an operation that the kernel completes, in virtual time.</summary>
internal sealed class KernelCarrier(Kernel kernel, ReplayContext context)
{
    /// <summary>The tool whose own code runs.</summary>
    public static AsyncLocal<BoundaryCall?> CurrentTool { get; } = new();

    /// <summary>The call whose tool others stand around, while they run.</summary>
    public static AsyncLocal<WrappedCall?> CurrentWrapped { get; } = new();

    public VirtualTime Time => kernel.Time;

    public ReplayContext Context => context;

    /// <summary>The call that is tried alone; null where the agent is replayed.</summary>
    public ToolTrial? Trial { get; init; }

    /// <summary>Nothing more is wanted of this schedule.</summary>
    public void Stop() => kernel.Stop();

    /// <summary>Notes what of the agent's own had to be replaced, a sentence without its full stop.</summary>
    public void NoteReplaced(string what) => context.Replaced.Add(what);

    /// <summary>Gives the agent an answer at its time.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="deliver">Makes of its outcome what the agent gets, or throws that.</param>
    /// <param name="token">Ends the wait for it.</param>
    public Task<T> AnswerAsync<T>(Answer answer, Func<Outcome, T> deliver, CancellationToken token)
    {
        if (answer.Call is { } call)
            return OperateAsync(call, answer, deliver, token);
        if (answer.Divergence is not { } divergence)
            return Task.FromResult(deliver(answer.Outcome));
        // The agent never sees an answer that nobody recorded.
        context.Note(divergence);
        kernel.Stop();
        return new TaskCompletionSource<T>().Task;
    }

    /// <summary>Records a call that the agent makes.</summary>
    public void Begin(BoundaryCall call) => context.Begin(call, kernel.Time.NowTicks, Activity.Current, CurrentTool.Value);

    /// <summary>Records that the last piece of an answer has come.</summary>
    public void End(BoundaryCall call, Outcome outcome) => call.End(kernel.Time.NowTicks, outcome);

    /// <summary>The exception that a captured error is; the verdict says so where it is only a relative.</summary>
    public Exception Thrown(Failed failed) =>
        ClrExceptions.Create(failed.Recorded, context.Conversation.Note, made => kernel.Rebuilt.AddOrUpdate(made.Exception, made));

    private async Task<T> OperateAsync<T>(BoundaryCall call, Answer answer, Func<Outcome, T> deliver, CancellationToken token)
    {
        Begin(call);
        var (fault, outcome) = (kernel.NextFault(call.Name), (Outcome?)null);
        var (operation, task) = kernel.Issue(
            call.Name,
            FaultyOutcome.Latency(fault, answer.Latency),
            () => deliver(outcome = Begun(call, fault, answer)),
            call.Owner?.ChainName,
            token
        );
        call.Operation = operation;
        context.Enter(answer);
        foreach (var changed in ToolAnswers.Contend(context, answer))
            changed.Call!.Operation!.DueTicks = changed.Call.StartTicks + changed.Latency!.Value.Ticks;
        try
        {
            var result = await task;
            if (outcome is Sent { Pace: not null })
                call.Succeed(kernel.Time.NowTicks, outcome.Result);
            else
                call.End(kernel.Time.NowTicks, outcome!);
            return result;
        }
        catch (Exception e)
        {
            call.Fail(kernel.Time.NowTicks, ErrorOf(answer, outcome, e));
            throw;
        }
        finally
        {
            context.Leave(answer);
        }
    }

    private static Outcome Begun(BoundaryCall call, FaultKind fault, Answer answer)
    {
        var outcome = FaultyOutcome.Of(fault, answer);
        call.Output = outcome.Output;
        return outcome;
    }

    // What never answers ends with the client's time-out, which is what the recording calls its error.
    private static Traces.CallError ErrorOf(Answer answer, Outcome? delivered, Exception thrown) =>
        (delivered ?? (answer.Latency is null ? answer.Outcome : null))?.Error ?? AsCaptured(delivered, BoundaryCall.ErrorOf(thrown));

    // A relative of the captured type is still that error, and what it was called when it was captured it is called still.
    private static Traces.CallError AsCaptured(Outcome? delivered, Traces.CallError thrown) =>
        delivered is not Failed { Recorded: var captured } ? thrown
        : Shapes.ErrorClass.Of(thrown) == captured.Class ? thrown with { Class = captured.Class }
        : captured.AsCallError();
}
