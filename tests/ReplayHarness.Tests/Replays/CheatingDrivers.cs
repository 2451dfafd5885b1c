using MailPilot;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>MailPilot with symptom and cause mended; each driver below does something to it that proves nothing.</summary>
public class Mended : IReplayDriver
{
    public virtual void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IToolDispatcher, SurvivingDispatch>().AddMailPilot(new MailPilotOptions { ConnectionPerCall = true });

    public virtual Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        services.GetRequiredService<TaskRunner>().RunAsync(input.Text, cancellationToken);
}

public sealed class StartsNothing : Mended
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) => Task.CompletedTask;
}

public sealed class ForgetsToAwait : Mended
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        _ = base.RunAsync(services, input, cancellationToken);
        return Task.CompletedTask;
    }
}

/// <summary>As deployed, and what it dies of is caught around it.</summary>
public sealed class CatchesAround : Shipped
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await base.RunAsync(services, input, cancellationToken);
        }
        catch (TimeoutException) { }
    }
}

/// <summary>The same without the task's retries.</summary>
public sealed class CatchesOnce : Shipped
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<MailAgent>().AnswerAsync(input.Text, cancellationToken);
        }
        catch (TimeoutException) { }
    }
}

/// <summary>Asks once, and is content with whatever comes.</summary>
public sealed class ReturnsAtOnce : Mended
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        await services.ChatClient().GetResponseAsync(input.Text, cancellationToken: cancellationToken);
}

/// <summary>Makes the calls that the model asks for, and tells it nothing of them.</summary>
public sealed class TellsNothing : Mended
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
        var response = await services.ChatClient().GetResponseAsync(messages, cancellationToken: cancellationToken);
        foreach (var call in response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>())
        {
            try
            {
                await services
                    .Tools()
                    .First(t => t.Name == call.Name)
                    .InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken);
            }
            catch (TimeoutException) { }
        }
    }
}

/// <summary>Asks once more when the calls are done, and leaves before the answer comes.</summary>
public sealed class LeavesBeforeTheLastAnswer : Mended
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var tools = services.Tools();
        List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
        var response = await services.ChatClient().GetResponseAsync(messages, AsCaptured, cancellationToken);
        messages.AddRange(response.Messages);
        foreach (var call in response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToArray())
        {
            var result = await ResultAsync(tools.First(t => t.Name == call.Name), call);
            messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
        }
        _ = services.ChatClient().GetResponseAsync(messages, AsCaptured, cancellationToken);
    }

    private static ChatOptions AsCaptured { get; } = new() { ModelId = "the same for both" };

    private static async Task<string> ResultAsync(AIFunction tool, FunctionCallContent call)
    {
        try
        {
            return $"{await tool.InvokeAsync(new AIFunctionArguments(call.Arguments))}";
        }
        catch (TimeoutException e)
        {
            return $"Error: {e.Message}";
        }
    }
}

/// <summary>Its run ends well; half a minute later a timer that it left armed throws.</summary>
public sealed class CrashesLate : Mended
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await base.RunAsync(services, input, cancellationToken);
        Flush(services.Time());
    }

    private static async void Flush(TimeProvider time)
    {
        await Task.Delay(TimeSpan.FromSeconds(30), time);
        throw new InvalidOperationException("the buffer was closed before it was flushed");
    }
}
