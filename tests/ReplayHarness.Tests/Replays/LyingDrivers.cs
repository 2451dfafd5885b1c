using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Survives every error of a tool, and tells its model of its calls whatever it likes.</summary>
public abstract class Lying : CommonLoop
{
    protected abstract object? Told(object? result, Exception? error);

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        try
        {
            return new FunctionResultContent(call.CallId, Told(await InvokeAsync(services, call, token), null));
        }
        catch (InvalidOperationException e)
        {
            return new FunctionResultContent(call.CallId, Told(null, e));
        }
    }

    protected static async Task<object?> InvokeAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token) =>
        await services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!), token);
}

/// <summary>As it should be, in words of its own.</summary>
public sealed class TellsOfFailures : Lying
{
    protected override object? Told(object? result, Exception? error) => error is null ? result : "The shelf did not answer.";
}

public sealed class TellsOfSuccess : Lying
{
    protected override object? Told(object? result, Exception? error) => error is null ? result : "Everything was put away, no errors.";
}

public sealed class TellsOfFailuresOnly : Lying
{
    protected override object? Told(object? result, Exception? error) => "Error: the shelf is not available";
}

public sealed class TellsOtherNumbers : Lying
{
    protected override object? Told(object? result, Exception? error) =>
        error is null ? $"{result}".Replace("12", "21", StringComparison.Ordinal) : "Error: it failed";
}

public sealed class TellsOtherThings : Lying
{
    protected override object? Told(object? result, Exception? error) => error is null ? "Nothing is due today." : "Error: it failed";
}

/// <summary>First the truth, and in the next request another thing.</summary>
public sealed class TellsAnotherThingLater : Lying
{
    protected override object? Told(object? result, Exception? error) => error is null ? result : "Error: it failed";

    protected override IEnumerable<ChatMessage> Kept(IReadOnlyList<ChatMessage> messages, int turn) =>
        turn < 2 ? messages : messages.Select(m => new ChatMessage(m.Role, [.. m.Contents.Select(Rosier)]));

    private static AIContent Rosier(AIContent content) =>
        content is FunctionResultContent { Result: "Error: it failed" } result
            ? new FunctionResultContent(result.CallId, "Forty boxes are there.")
            : content;
}

/// <summary>Does not await one of its calls, and tells at once that all is well.</summary>
public sealed class TellsTooEarly : Lying
{
    protected override object? Told(object? result, Exception? error) => result ?? "Error: it failed";

    protected override Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        if (call.CallId != "c")
            return base.CallAsync(services, call, token);
        _ = InvokeAsync(services, call, token);
        return Task.FromResult<AIContent>(new FunctionResultContent(call.CallId, "The boxes are on their way."));
    }
}

/// <summary>Tells of a call what an earlier one gave, in other letters.</summary>
public sealed class TellsAnEarlierResult : Lying
{
    private string? _first;

    protected override object? Told(object? result, Exception? error) =>
        error is not null ? "Error: it failed" : $"Result: {(_first ??= $"{result}").ToUpperInvariant()}";
}

/// <summary>Cancels each call before it is made.</summary>
public class CancelsBeforehand : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        try
        {
            var tool = services.Tools().Single(t => t.Name == call.Name);
            return new FunctionResultContent(call.CallId, await tool.InvokeAsync(new(call.Arguments!), new CancellationToken(true)));
        }
        catch (OperationCanceledException)
        {
            return new FunctionResultContent(call.CallId, "Error: it was cancelled");
        }
    }
}

/// <summary>Leaves without a word to the model.</summary>
public sealed class CancelsBeforehandAndLeaves : CancelsBeforehand
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var answer = await services.ChatClient().GetResponseAsync([new(ChatRole.User, input.Text)], cancellationToken: cancellationToken);
        foreach (var call in answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>())
            await CallAsync(services, call, cancellationToken);
    }
}

/// <summary>Does once more after its end what failed in it.</summary>
public sealed class GoesOnAfterTheEnd : Lying
{
    protected override object? Told(object? result, Exception? error) => result ?? "Error: it failed";

    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await base.RunAsync(services, input, cancellationToken);
        _ = LaterAsync(services);
    }

    private static async Task LaterAsync(IServiceProvider services)
    {
        await Task.Delay(TimeSpan.FromSeconds(10), services.Time());
        await InvokeAsync(services, new("late", "shelf", new Dictionary<string, object?> { ["of"] = "b" }), default);
    }
}

/// <summary>Fails, or hangs, before it asks its model anything.</summary>
public sealed class FailsAtOnce : CommonLoop
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        throw new NotSupportedException("no such service");
}

public sealed class GivesUpAtOnce : CommonLoop
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        Task.FromCanceled(new(true));
}

public sealed class WaitsForNothing : CommonLoop
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new TaskCompletionSource().Task;
}

public sealed class ReturnsNoTask : CommonLoop
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) => null!;
}

/// <summary>Makes up what the model is said to have asked for.</summary>
public sealed class ChangesWhatWasAsked : Lying
{
    protected override object? Told(object? result, Exception? error) => result ?? "Error: it failed";

    protected override IEnumerable<ChatMessage> Kept(IReadOnlyList<ChatMessage> messages, int turn) =>
        messages.Select(m => new ChatMessage(m.Role, [.. m.Contents.Select(Other)]));

    private static AIContent Other(AIContent content) =>
        content is FunctionCallContent call ? new FunctionCallContent(call.CallId, call.Name, new Dictionary<string, object?>()) : content;
}

/// <summary>Asks the model something of its own before it does its work well.</summary>
public sealed class AsksSomethingElseFirst : CommonLoop
{
    protected override bool TellsErrors => true;

    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await services.ChatClient().GetResponseAsync([new(ChatRole.User, "How do you do?")], cancellationToken: cancellationToken);
        await base.RunAsync(services, input, cancellationToken);
    }
}

/// <summary>Calls a tool of its own accord before it does its work well.</summary>
public sealed class CallsSomethingElseFirst : CommonLoop
{
    protected override bool TellsErrors => true;

    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await CallAsync(services, new("own", "shelf", new Dictionary<string, object?> { ["of"] = "everything" }), cancellationToken);
        await base.RunAsync(services, input, cancellationToken);
    }
}
