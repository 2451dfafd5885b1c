using System.ClientModel;
using Anthropic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using ReplayHarness.Replays;
using TeamAgents;

namespace ReplayHarness.Tests.TeamAgents;

/// <summary>An agent as its program makes it: nothing is registered and nothing is taken from the replay, but the question.</summary>
public abstract class ProgramDriver : IReplayDriver
{
    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        RunAsync(input.Text, cancellationToken);

    protected abstract Task RunAsync(string question, CancellationToken cancellationToken);

    protected static OpenAIClient OpenAi() => new(new ApiKeyCredential("none"));

    internal static IChatClient Gpt() => OpenAi().GetChatClient("gpt-4o-mini").AsIChatClient();

    internal static HttpClient Backend() => new() { BaseAddress = new("https://backend.example/") };
}

/// <summary>Microsoft Agent Framework.</summary>
public abstract class GalleryDriver(bool queued, bool fatal, Func<GalleryDesk, string, CancellationToken, Task> ask) : ProgramDriver
{
    protected override Task RunAsync(string question, CancellationToken cancellationToken) =>
        ask(new(Gpt(), new(new(Backend(), queued)), fatal), question, cancellationToken);
}

public sealed class GalleryBroken() : GalleryDriver(false, true, (desk, question, token) => desk.AskAsync(question, token));

public sealed class GalleryFixed() : GalleryDriver(true, false, (desk, question, token) => desk.AskAsync(question, token));

public sealed class GalleryToldOnly() : GalleryDriver(false, false, (desk, question, token) => desk.AskAsync(question, token));

public sealed class GalleryRaceOnly() : GalleryDriver(true, true, (desk, question, token) => desk.AskAsync(question, token));

public sealed class GalleryStreamBroken() : GalleryDriver(false, true, (desk, question, token) => desk.StreamAsync(question, token));

public sealed class GalleryStreamFixed() : GalleryDriver(true, false, (desk, question, token) => desk.StreamAsync(question, token));

/// <summary>Both questions of a session.</summary>
public abstract class GallerySession(bool queued, bool fatal) : IReplayDriver
{
    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new GalleryDesk(ProgramDriver.Gpt(), new(new(ProgramDriver.Backend(), queued)), fatal).TwiceAsync(
            input.Questions[0],
            input.Questions[1],
            cancellationToken
        );
}

public sealed class GalleryTwiceBroken() : GallerySession(false, true);

public sealed class GalleryTwiceFixed() : GallerySession(true, false);

public sealed class GalleryHandOffBroken() : GalleryDriver(false, true, (desk, question, token) => desk.HandOffAsync(question, token));

public sealed class GalleryHandOffFixed() : GalleryDriver(true, false, (desk, question, token) => desk.HandOffAsync(question, token));

/// <summary>Semantic Kernel.</summary>
public abstract class FerryDriver(bool apart) : ProgramDriver
{
    protected override async Task RunAsync(string question, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddLogging();
        await using var provider = services.AddFerryDesk(OpenAi(), new("https://backend.example/"), apart).BuildServiceProvider();
        var desk = provider.GetRequiredService<FerryDesk>();
        await desk.StreamAsync(question, cancellationToken);
    }
}

public sealed class FerryStreamBroken() : FerryDriver(false);

public sealed class FerryStreamFixed() : FerryDriver(true);

/// <summary>Anthropic's client under Microsoft.Extensions.AI.</summary>
public abstract class GardenDriver(bool copies, bool fatal) : ProgramDriver
{
    protected override Task RunAsync(string question, CancellationToken cancellationToken)
    {
        var claude = new AnthropicClient { ApiKey = "none" }.AsIChatClient("claude-sonnet-4-6");
        return new GardenDesk(claude, new(Backend(), copies), fatal).StreamAsync(question, cancellationToken);
    }
}

public sealed class GardenStreamBroken() : GardenDriver(false, true);

public sealed class GardenStreamFixed() : GardenDriver(true, false);
