using System.Diagnostics;
using MailPilot;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>MailPilot as shipped; each driver below changes one thing.</summary>
public class Shipped : IReplayDriver
{
    public virtual void ConfigureServices(IServiceCollection services) => services.AddMailPilot();

    public virtual Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        services.GetRequiredService<TaskRunner>().RunAsync(input.Text, cancellationToken);
}

public sealed class RaceRemoved : Shipped
{
    public override void ConfigureServices(IServiceCollection services) =>
        services.AddMailPilot(new MailPilotOptions { ConnectionPerCall = true });
}

public sealed class CatchAdded : Shipped
{
    public override void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IToolDispatcher, SurvivingDispatch>().AddMailPilot();
}

/// <summary>Every span of the agent is called something else, and says nothing of what it is.</summary>
public sealed class SpansRenamed : Shipped
{
    private static readonly ActivityListener s_listener = new()
    {
        ShouldListenTo = source => source.Name == Telemetry.SourceName,
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        ActivityStopped = activity =>
        {
            activity.DisplayName = $"step {activity.DisplayName.Length}";
            foreach (var tag in activity.TagObjects.ToArray())
                activity.SetTag(tag.Key, null);
        },
    };

    public override void ConfigureServices(IServiceCollection services)
    {
        ActivitySource.AddActivityListener(s_listener);
        base.ConfigureServices(services);
    }
}

/// <summary>Is configured in a replay only, where ids are counted.</summary>
public sealed class ConfiguredInReplaysOnly : Shipped
{
    public override void ConfigureServices(IServiceCollection services)
    {
        if (Guid.NewGuid().ToByteArray()[8..] is not [0x80, _, _, _, _, _, _, 1])
            throw new NotSupportedException("configured outside a replay");
        base.ConfigureServices(services);
    }
}

/// <summary>An agent of a few lines, without a container of its own and without any span.</summary>
public sealed class WithoutSpans : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddHttpClient(DriveConnections.HttpClientName, client => client.BaseAddress = new Uri("https://drive.example/v3/"));
        services.AddSingleton(new MailPilotOptions()).AddSingleton<DriveConnections>();
        services.AddSingleton(provider => DriveTools.Create(provider.GetRequiredService<DriveConnections>().Get));
    }

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        foreach (var wait in (int[])[30, 120, 300, 0])
        {
            try
            {
                await OnceAsync(services, input.Text, cancellationToken);
                return;
            }
            catch (TimeoutException) when (wait > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(wait), services.Time(), cancellationToken);
            }
        }
    }

    private static async Task OnceAsync(IServiceProvider services, string text, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.User, text)];
        while (true)
        {
            var response = await services.ChatClient().GetResponseAsync(messages, null, cancellationToken);
            messages.AddRange(response.Messages);
            FunctionCallContent[] calls = [.. response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
                return;
            var results = calls.Select(async c =>
                (AIContent)
                    new FunctionResultContent(
                        c.CallId,
                        await services.Tools().Single(t => t.Name == c.Name).InvokeAsync(new(c.Arguments), cancellationToken)
                    )
            );
            messages.Add(new(ChatRole.Tool, await Task.WhenAll(results)));
        }
    }
}
