using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Tells of a failure, and clears that once it is old.</summary>
public sealed class ClearsLater : CommonLoop
{
    protected override bool TellsErrors => true;

    protected override IEnumerable<ChatMessage> Kept(IReadOnlyList<ChatMessage> messages, int turn) =>
        turn < 3 ? messages : messages.Select(m => new ChatMessage(m.Role, [.. m.Contents.Select(Cleared)]));

    private static AIContent Cleared(AIContent content) =>
        content is FunctionResultContent { CallId: "b" } ? new FunctionResultContent("b", "[an old result, cleared]") : content;
}

/// <summary>Does not wait for long, and tells in its own words that it did not.</summary>
public sealed class GivesUpAndSaysSo : CommonLoop
{
    protected override TimeSpan Limit => TimeSpan.FromSeconds(5);

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        try
        {
            return await base.CallAsync(services, call, token);
        }
        catch (OperationCanceledException)
        {
            return new FunctionResultContent(call.CallId, "Go on with what you know.");
        }
        catch (TimeoutException e)
        {
            return new FunctionResultContent(call.CallId, $"Error: {e.Message}");
        }
    }
}

/// <summary>Looks on another shelf where one does not answer.</summary>
public sealed class AsksAnotherShelf : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        try
        {
            return await base.CallAsync(services, call, token);
        }
        catch (TimeoutException)
        {
            var other = new FunctionCallContent(call.CallId, call.Name, new Dictionary<string, object?> { ["of"] = "a" });
            return await base.CallAsync(services, other, token);
        }
    }
}

/// <summary>Makes the calls that it is asked for, and waits for none of them.</summary>
public sealed class LeavesItsCalls : CommonLoop
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var answer = await services.ChatClient().GetResponseAsync(input.Text, cancellationToken: cancellationToken);
        foreach (var call in answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>())
            _ = CallAsync(services, call, cancellationToken);
    }
}
