using System.ClientModel;
using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Asks, calls, and asks again, with the history that it keeps; each driver below keeps another.</summary>
public abstract class KeepsHistory : IReplayDriver
{
    /// <summary>The most messages that are sent.</summary>
    protected const int Room = 5;

    /// <summary>What is said before the question.</summary>
    protected virtual IEnumerable<ChatMessage> Before => [];

    public virtual async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.System, "You look after the shelves."), .. Before, new(ChatRole.User, input.Text)];
        while (true)
        {
            var answer = await AskAsync(services, Kept(messages), cancellationToken);
            messages.AddRange(answer.Messages);
            FunctionCallContent[] calls = [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return;
            foreach (var call in calls)
            {
                var result = await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), cancellationToken);
                messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
            }
        }
    }

    protected virtual Task<ChatResponse> AskAsync(IServiceProvider services, IList<ChatMessage> messages, CancellationToken token) =>
        services.ChatClient().GetResponseAsync(messages, cancellationToken: token);

    protected virtual IList<ChatMessage> Kept(IList<ChatMessage> messages) => messages;
}

public sealed class KeepsAll : KeepsHistory;

/// <summary>Where there is no room, keeps the instructions and whatever came last.</summary>
public class CutsBlindly : KeepsHistory
{
    protected override IList<ChatMessage> Kept(IList<ChatMessage> messages) =>
        messages.Count <= Room ? messages : [messages[0], messages[^1]];
}

/// <summary>Keeps the question, and a call with its result.</summary>
public sealed class CutsInPairs : KeepsHistory
{
    protected override IList<ChatMessage> Kept(IList<ChatMessage> messages) =>
        messages.Count <= Room ? messages : [messages[0], messages[1], messages[^2], messages[^1]];
}

/// <summary>Shortens a long result by a little: not by enough.</summary>
public sealed class CutsALittle : KeepsHistory
{
    protected override IList<ChatMessage> Kept(IList<ChatMessage> messages) =>
        [.. messages.Select(m => new ChatMessage(m.Role, [.. m.Contents.Select(Shorter)]))];

    private static AIContent Shorter(AIContent content) =>
        content is FunctionResultContent result && $"{result.Result}" is { Length: > 100 } text
            ? new FunctionResultContent(result.CallId, text[..^20])
            : content;
}

/// <summary>Keeps the calls, and drops their results from the start.</summary>
public sealed class DropsResults : KeepsHistory
{
    protected override IList<ChatMessage> Kept(IList<ChatMessage> messages) => [.. messages.Where(m => m.Role != ChatRole.Tool)];
}

/// <summary>Cuts as before, and says nothing of what comes of it.</summary>
public sealed class CutsBlindlyAndSwallows : CutsBlindly
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await base.RunAsync(services, input, cancellationToken);
        }
        catch (ClientResultException)
        {
            // The user gets nothing.
        }
    }
}

/// <summary>Goes on with a conversation whose last call was never made.</summary>
public class LeavesACallOpen : KeepsHistory
{
    protected override IEnumerable<ChatMessage> Before =>
        [new(ChatRole.User, "Which shelf?"), new(ChatRole.Assistant, [new FunctionCallContent("old", "shelf")])];
}

/// <summary>Says of it that it was never made.</summary>
public sealed class ClosesTheCall : LeavesACallOpen
{
    protected override IEnumerable<ChatMessage> Before =>
        [.. base.Before, new(ChatRole.Tool, [new FunctionResultContent("old", "was not looked up")])];
}

/// <summary>Asks four times in all, with pauses.</summary>
public abstract class AsksAgain(TimeSpan pause, int most = 4) : KeepsHistory
{
    protected override async Task<ChatResponse> AskAsync(IServiceProvider services, IList<ChatMessage> messages, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await base.AskAsync(services, messages, token);
            }
            catch (ClientResultException) when (attempt < most)
            {
                await Task.Delay(pause, services.Time(), token);
            }
    }
}

public sealed class AsksAgainAtOnce() : AsksAgain(TimeSpan.FromMilliseconds(10));

public sealed class AsksAgainTooSoon() : AsksAgain(TimeSpan.FromSeconds(5));

/// <summary>Asks until it is answered, and waits for nothing.</summary>
public sealed class AsksAgainTooOften() : AsksAgain(TimeSpan.FromSeconds(1), 40);

public sealed class AsksAgainInTime() : AsksAgain(TimeSpan.FromSeconds(20));

/// <summary>Asks again a few times within the second that an outage lasts at least.</summary>
public sealed class AsksAgainSoon() : AsksAgain(TimeSpan.FromSeconds(0.4), 10);

/// <summary>Cuts as before, is refused, and then sends all of it.</summary>
public sealed class CutsBlindlyFirst : KeepsHistory
{
    protected override async Task<ChatResponse> AskAsync(IServiceProvider services, IList<ChatMessage> messages, CancellationToken token)
    {
        try
        {
            return await base.AskAsync(services, messages.Count <= Room ? messages : [messages[0], messages[^1]], token);
        }
        catch (ClientResultException)
        {
            return await base.AskAsync(services, messages, token);
        }
    }
}

/// <summary>Has an answer of its own where the model fails.</summary>
public abstract class Answers(string answer) : KeepsHistory
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        AnswerAsync(services, input, cancellationToken);

    private async Task<string> AnswerAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await base.RunAsync(services, input, cancellationToken);
            return "done";
        }
        catch (ClientResultException)
        {
            return answer;
        }
    }
}

public sealed class AnswersWithADot() : Answers(".");

public sealed class AnswersItself() : Answers("I cannot reach the model; ask again later.");

public sealed class GivesUpSilently : KeepsHistory
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await base.RunAsync(services, input, cancellationToken);
        }
        catch (ClientResultException)
        {
            // The user gets nothing.
        }
    }
}

/// <summary>Gives an object that holds nothing where the model fails.</summary>
public sealed class AnswersWithAnObject : KeepsHistory
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        AnswerAsync(services, input, cancellationToken);

    private async Task<object> AnswerAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await base.RunAsync(services, input, cancellationToken);
        }
        catch (ClientResultException)
        {
            // Nothing to say.
        }
        return new object();
    }
}
