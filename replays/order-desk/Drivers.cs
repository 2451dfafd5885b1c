using Anthropic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI.Chat;
using OrderDesk;
using OrderDesk.Anthropic;
using OrderDesk.OpenAi;
using ReplayHarness.Replays;

namespace Replays.OrderDesk;

/// <summary>
/// The order desk: two services behind one gate, and an error of one ends the run; mended, a gate each, and the error goes to the model.
/// </summary>
public abstract class DeskDriver(bool mended) : IReplayDriver
{
    protected bool Mended => mended;

    public void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IReadOnlyList<AIFunction>>(s => new OrderTools(s.HttpClient(), new Gates(shared: !mended), s.Time()).All);

    public abstract Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken);
}

/// <summary>On OpenAI's SDK, which knows nothing of a replay: it makes its own HTTP client.</summary>
public abstract class OpenAiDesk(bool mended, bool streams = false) : DeskDriver(mended)
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new ChatDesk(new ChatClient("gpt-4o-mini", "no-key"), services.Tools(), Mended, streams).AnswerAsync(input.Text, cancellationToken);
}

/// <summary>On Anthropic's SDK: the captured run of another provider's model is served in its format.</summary>
public abstract class AnthropicDesk(bool mended, bool streams = false) : DeskDriver(mended)
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var client = new AnthropicClient { ApiKey = "no-key" };
        await new MessagesDesk(client, services.Tools(), Mended, streams).AnswerAsync(input.Text, cancellationToken);
    }
}

/// <summary>As deployed.</summary>
public sealed class OpenAiDeployed() : OpenAiDesk(mended: false);

/// <summary>Mended.</summary>
public sealed class OpenAiMended() : OpenAiDesk(mended: true);

/// <summary>As deployed, streaming.</summary>
public sealed class OpenAiStreamingDeployed() : OpenAiDesk(mended: false, streams: true);

/// <summary>Mended, streaming.</summary>
public sealed class OpenAiStreamingMended() : OpenAiDesk(mended: true, streams: true);

/// <summary>As deployed.</summary>
public sealed class AnthropicDeployed() : AnthropicDesk(mended: false);

/// <summary>Mended.</summary>
public sealed class AnthropicMended() : AnthropicDesk(mended: true);

/// <summary>As deployed, streaming.</summary>
public sealed class AnthropicStreamingDeployed() : AnthropicDesk(mended: false, streams: true);

/// <summary>Mended, streaming.</summary>
public sealed class AnthropicStreamingMended() : AnthropicDesk(mended: true, streams: true);

/// <summary>On Anthropic's SDK, with tools of an MCP server.</summary>
public abstract class AnthropicMcpDesk(bool mended) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var client = new AnthropicClient { ApiKey = "no-key" };
        await using var tools = await McpTools.ConnectAsync(new Uri("http://tools.example/mcp"), cancellationToken);
        await new MessagesDesk(client, tools.All, mended).AnswerAsync(input.Text, cancellationToken);
    }
}

/// <summary>As deployed, with tools of an MCP server.</summary>
public sealed class AnthropicMcpDeployed() : AnthropicMcpDesk(mended: false);

/// <summary>Mended, with tools of an MCP server.</summary>
public sealed class AnthropicMcpMended() : AnthropicMcpDesk(mended: true);
