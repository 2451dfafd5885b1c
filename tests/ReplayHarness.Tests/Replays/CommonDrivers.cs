using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// The loop that most agents are: ask, run all calls of an answer at once, ask again. Each driver below makes one common mistake with it,
/// or mends it, or hides it.
/// </summary>
public abstract class CommonLoop : IReplayDriver
{
    protected virtual bool TellsErrors => false;

    protected virtual TimeSpan Limit => Timeout.InfiniteTimeSpan;

    protected virtual int MostTurns => 9;

    protected virtual IEnumerable<ChatMessage> Before => [];

    /// <summary>What is asked once the model has answered; nothing where all was asked.</summary>
    protected virtual IEnumerable<ChatMessage> Next => [];

    /// <summary>What is sent of a conversation.</summary>
    protected virtual IEnumerable<ChatMessage> Kept(IReadOnlyList<ChatMessage> messages, int turn) => messages;

    /// <summary>Whether the answer's calls go too far.</summary>
    protected virtual bool Stops(IReadOnlyList<FunctionCallContent> calls) => false;

    public virtual async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [.. Before, new(ChatRole.User, input.Text)];
        for (var turn = 0; turn < MostTurns; turn++)
        {
            var answer = await AskAsync(services, Kept(messages, turn), cancellationToken);
            messages.AddRange(answer.Messages);
            FunctionCallContent[] calls = [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0 && Next.ToArray() is { Length: > 0 } next)
            {
                messages.AddRange(next);
                continue;
            }
            if (calls.Length == 0 || Stops(calls))
                return;
            var results = await Task.WhenAll(calls.Select(c => CallAsync(services, c, cancellationToken)));
            messages.Add(new(ChatRole.Tool, [.. results]));
        }
        throw new InvalidOperationException($"Max turns ({MostTurns}) exceeded");
    }

    protected virtual Task<ChatResponse> AskAsync(IServiceProvider services, IEnumerable<ChatMessage> messages, CancellationToken token) =>
        services.ChatClient().GetResponseAsync(messages, cancellationToken: token);

    protected virtual async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(Limit);
        try
        {
            var tool = services.Tools().Single(t => t.Name == call.Name);
            return new FunctionResultContent(call.CallId, await tool.InvokeAsync(new(call.Arguments!), limit.Token));
        }
        catch (Exception e) when (TellsErrors && !token.IsCancellationRequested)
        {
            return new FunctionResultContent(call.CallId, $"Error: {e.Message}");
        }
    }
}

/// <summary>One call that fails takes its sibling's result with it.</summary>
public class LosesSiblings : CommonLoop;

public sealed class TellsEachError : CommonLoop
{
    protected override bool TellsErrors => true;
}

/// <summary>The error is caught where nobody is left to tell it to.</summary>
public sealed class LosesSiblingsSilently : LosesSiblings
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await base.RunAsync(services, input, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The user gets nothing.
        }
    }
}

/// <summary>A model that sends the work to and fro; the agent stops at its last turn with an error.</summary>
public class HandsOverForEver : CommonLoop
{
    protected override int MostTurns => 4;
}

public sealed class HandsOverSixTimes : HandsOverForEver
{
    protected override int MostTurns => 6;
}

/// <summary>Gives the work to a person once it has been handed over twice.</summary>
public sealed class HandsOverTwice : HandsOverForEver
{
    private int _handed;

    protected override bool Stops(IReadOnlyList<FunctionCallContent> calls) => ++_handed > 2;
}

/// <summary>Ends without a word once it has made one call.</summary>
public sealed class StopsAtItsLimit : CommonLoop
{
    private int _asked;

    protected override bool Stops(IReadOnlyList<FunctionCallContent> calls) => ++_asked > 1;
}

/// <summary>Lets it go on for longer.</summary>
public sealed class HandsOverForLonger : HandsOverForEver
{
    protected override int MostTurns => 50;
}

/// <summary>Gives a call less time than it needs, and dies of that.</summary>
public class CancelsLongCalls : CommonLoop
{
    protected override TimeSpan Limit => TimeSpan.FromSeconds(30);
}

public sealed class TellsOfLongCalls : CancelsLongCalls
{
    protected override bool TellsErrors => true;
}

/// <summary>Gives a call more time, and tells only where it was this deadline that ended it.</summary>
public sealed class TellsOfItsOwnDeadline : CancelsLongCalls
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            var tool = services.Tools().Single(t => t.Name == call.Name);
            return new FunctionResultContent(call.CallId, await tool.InvokeAsync(new(call.Arguments!), limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new FunctionResultContent(call.CallId, "Error: A task was canceled.");
        }
    }
}

/// <summary>Goes on with a conversation that was had before.</summary>
public class ResumesAThread : CommonLoop
{
    protected override IEnumerable<ChatMessage> Before =>
        [new(ChatRole.User, "Hello, I keep shelf 7."), new(ChatRole.Assistant, "Hello, what do you need?")];
}

public sealed class ResumesAThreadAndTells : ResumesAThread
{
    protected override bool TellsErrors => true;
}

/// <summary>Asks a second question in the same conversation.</summary>
public class AsksTwoQuestions : CommonLoop
{
    private bool _hasAsked;

    protected override IEnumerable<ChatMessage> Next
    {
        get
        {
            if (_hasAsked)
                return [];
            _hasAsked = true;
            return [new(ChatRole.User, "And for how long?")];
        }
    }
}

public sealed class AsksTwoQuestionsAndTells : AsksTwoQuestions
{
    protected override bool TellsErrors => true;
}
