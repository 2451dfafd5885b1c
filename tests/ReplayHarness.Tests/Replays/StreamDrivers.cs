using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Agents whose answers are streamed at once; it fails where their pieces come in one order.</summary>
public abstract class FailsInAnOrder(string order, params string[] agents) : IReplayDriver
{
    /// <summary>What else the agent does meanwhile, until it is told to stop.</summary>
    protected virtual Task BesideAsync(ICollection<string> seen, CancellationToken ended) => Task.CompletedTask;

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        List<string> seen = [];
        using var ended = new CancellationTokenSource();
        var beside = BesideAsync(seen, ended.Token);
        await Task.WhenAll(agents.Select(ReadAsync));
        await ended.CancelAsync();
        await beside;
        if (string.Join(' ', seen) == order)
            throw new InvalidOperationException("the drafts were mixed up");

        async Task ReadAsync(string who)
        {
            var number = 0;
            ChatMessage[] asked = [new(ChatRole.System, $"You are {who}."), new(ChatRole.User, input.Text)];
            await foreach (var _ in services.ChatClient().GetStreamingResponseAsync(asked, cancellationToken: cancellationToken))
                seen.Add($"{who}{number++}");
        }
    }
}

public sealed class FailsWhereOneComesWhole() : FailsInAnOrder("a0 a1 b0 b1", "a", "b");

public sealed class FailsWhereTheOtherComesWhole() : FailsInAnOrder("b0 b1 a0 a1", "a", "b");

public sealed class FailsWhereTheyTakeTurns() : FailsInAnOrder("a0 b0 a1 b1", "a", "b");

public sealed class FailsWhereTheOtherBegins() : FailsInAnOrder("b0 a0 a1 b1", "a", "b");

public sealed class FailsWhereTheOtherIsWithin() : FailsInAnOrder("a0 b0 b1 a1", "a", "b");

public sealed class FailsWhereTheOtherGoesOn() : FailsInAnOrder("b0 a0 b1 a1", "a", "b");

/// <summary>Its heartbeat is always due before the next piece.</summary>
public sealed class FailsWithinHeartbeats() : FailsInAnOrder("a0 b0 b1 a1", "a", "b")
{
    protected override async Task BesideAsync(ICollection<string> seen, CancellationToken ended)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        try
        {
            while (await beat.WaitForNextTickAsync(ended))
                ;
        }
        catch (OperationCanceledException) { }
    }
}

/// <summary>Each of its answers has a deadline that stands before the next piece.</summary>
public sealed class FailsWithinADeadline() : FailsInAnOrder("a0 b0 b1 a1", "a", "b")
{
    protected override async Task BesideAsync(ICollection<string> seen, CancellationToken ended)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ended);
        deadline.CancelAfter(TimeSpan.FromMilliseconds(950));
        try
        {
            await Task.Delay(Timeout.Infinite, deadline.Token);
        }
        catch (OperationCanceledException) { }
    }
}

/// <summary>Pauses while its answers come in.</summary>
public abstract class PausesBeside(string order, double seconds, params string[] agents) : FailsInAnOrder(order, agents)
{
    protected override async Task BesideAsync(ICollection<string> seen, CancellationToken ended)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), CancellationToken.None);
        seen.Add("pause");
    }
}

public sealed class PausesFirst() : PausesBeside("pause a0 a1", 1.1, "a");

public sealed class PausesBetweenPieces() : PausesBeside("a0 pause a1", 1.1, "a");

public sealed class PausesAfterIt() : PausesBeside("a0 a1 pause", 1.1, "a");

public sealed class PausesShortlyFirst() : PausesBeside("pause a0 a1", 0.3, "a");

public sealed class PausesShortlyBetweenPieces() : PausesBeside("a0 pause a1", 0.3, "a");

public sealed class PausesShortlyAfterIt() : PausesBeside("a0 a1 pause", 0.3, "a");

public sealed class PausesBetweenTwo() : PausesBeside("a0 a1 pause b0 b1", 1.5, "a", "b");

public sealed class PausesWithinTheSecond() : PausesBeside("a0 a1 b0 pause b1", 1.5, "a", "b");

public sealed class PausesWithinBoth() : PausesBeside("b0 a0 pause b1 a1", 1.5, "a", "b");

/// <summary>Gives each of two answers a deadline of its own.</summary>
public class WaitsForEach : IReplayDriver
{
    protected virtual double Seconds => 60;

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        return Task.WhenAll(ReadAsync("a"), ReadAsync("b"));

        async Task ReadAsync(string who)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(Seconds));
            ChatMessage[] asked = [new(ChatRole.System, $"You are {who}."), new(ChatRole.User, input.Text)];
            try
            {
                await foreach (var _ in services.ChatClient().GetStreamingResponseAsync(asked, cancellationToken: deadline.Token))
                    ;
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException("the drafts were mixed up");
            }
        }
    }
}

public sealed class WaitsForEachTooShort : WaitsForEach
{
    protected override double Seconds => 42;
}

public sealed class OfThreeOneIsWithinAnother() : FailsInAnOrder("c0 a0 b0 b1 a1 c1", "a", "b", "c");

public sealed class OfThreeTheLastGoesOnFirst() : FailsInAnOrder("a0 b0 c0 c1 a1 b1", "a", "b", "c");

public sealed class OfThreeOneBeginsWithinAnother() : FailsInAnOrder("a0 b0 b1 c0 a1 c1", "a", "b", "c");

public sealed class OfThreeOneEndsBetween() : FailsInAnOrder("a0 c0 b0 a1 b1 c1", "a", "b", "c");

/// <summary>The first agent that says anything wins, and the other is stopped.</summary>
public class TakesTheFirst : IReplayDriver
{
    protected virtual bool SaysWhoWon => false;

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string? winner = null;
        await Task.WhenAll(ReadAsync("a"), ReadAsync("b"));
        if (!SaysWhoWon && winner == "b")
            throw new InvalidOperationException("nobody knows b");

        async Task ReadAsync(string who)
        {
            ChatMessage[] asked = [new(ChatRole.System, $"You are {who}."), new(ChatRole.User, input.Text)];
            try
            {
                await foreach (var _ in services.ChatClient().GetStreamingResponseAsync(asked, cancellationToken: race.Token))
                    winner ??= who;
                if (winner == who)
                    await race.CancelAsync();
            }
            catch (OperationCanceledException) when (winner != who) { }
        }
    }
}

public sealed class TakesTheFirstByName : TakesTheFirst
{
    protected override bool SaysWhoWon => true;
}

/// <summary>Waits ten seconds for a call, tells the model that it took too long, and leaves it behind.</summary>
public sealed class LeavesAHungCall : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        try
        {
            return await base.CallAsync(services, call, token).WaitAsync(TimeSpan.FromSeconds(10), token);
        }
        catch (TimeoutException e)
        {
            return new FunctionResultContent(call.CallId, $"Error: {call.Name} timed out: {e.Message}");
        }
    }
}

/// <summary>Tries a call three times, each with a deadline of its own, and tells the model that it failed.</summary>
public sealed class TriesThreeTimes : CommonLoop
{
    protected override TimeSpan Limit => TimeSpan.FromSeconds(30);

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await base.CallAsync(services, call, token);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                if (attempt == 3)
                    return new FunctionResultContent(call.CallId, $"Error: {call.Name} timed out: A task was canceled.");
            }
    }
}

/// <summary>Asks a model that gave no answer again, after a while.</summary>
public sealed class AsksASlowModelAgain : CommonLoop
{
    protected override async Task<ChatResponse> AskAsync(
        IServiceProvider services,
        IEnumerable<ChatMessage> messages,
        CancellationToken token
    )
    {
        try
        {
            return await base.AskAsync(services, messages, token);
        }
        catch (TimeoutException)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), token);
            return await base.AskAsync(services, messages, token);
        }
    }
}
