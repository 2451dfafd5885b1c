using Microsoft.Extensions.AI;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Takes an empty answer for an answer.</summary>
public sealed class TakesAnyAnswer : CommonLoop;

/// <summary>Asks again where the answer is empty.</summary>
public sealed class AsksUntilAnswered : CommonLoop
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
        for (var text = ""; text.Length == 0; messages.Add(new(ChatRole.User, "Say something.")))
        {
            var answer = await services.ChatClient().GetResponseAsync(messages, cancellationToken: cancellationToken);
            messages.AddRange(answer.Messages);
            text = answer.Text;
        }
    }
}

/// <summary>Makes a call that fails once more.</summary>
public sealed class AsksTwice : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        try
        {
            return await base.CallAsync(services, call, token);
        }
        catch (TimeoutException)
        {
            return await base.CallAsync(services, call, token);
        }
    }
}
