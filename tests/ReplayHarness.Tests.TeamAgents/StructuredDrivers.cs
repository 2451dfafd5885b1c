#pragma warning disable OPENAI001 // A client that is to be replayed, whatever its makers say of its future.
using System.ClientModel;
using Anthropic;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OpenAI;
using ReplayHarness.Replays;
using TeamAgents;

namespace ReplayHarness.Tests.TeamAgents;

/// <summary>What the gallery's agent reads its answer as.</summary>
public sealed record Tour(string Guide, IReadOnlyList<string> Paintings, DateOnly Day);

/// <summary>The gallery's agent, which reads the model's answer as JSON of a type.</summary>
public abstract class GalleryStructured(Func<IServiceProvider, IChatClient> model) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var tools = new GalleryTools(new(ProgramDriver.Backend(), queued: true));
        var agent = new ChatClientAgent(
            model(services).AsBuilder().UseFunctionInvocation(configure: f => f.AllowConcurrentInvocation = true).Build(),
            instructions: "You know the halls of a gallery.",
            tools: [tools.Painting, tools.Guide]
        );
        var answer = await agent.RunAsync<Tour>(input.Text, cancellationToken: cancellationToken);
        if (answer.Result.Paintings.Count == 0)
            throw new InvalidOperationException("no painting");
    }
}

public sealed class GalleryStructuredMock() : GalleryStructured(s => s.ChatClient());

public sealed class GalleryStructuredChat() : GalleryStructured(_ => ProgramDriver.Gpt());

public sealed class GalleryStructuredResponses()
    : GalleryStructured(_ => new OpenAIClient(new ApiKeyCredential("none")).GetResponsesClient().AsIChatClient("gpt-4o-mini"));

public sealed class GalleryStructuredClaude()
    : GalleryStructured(_ => new AnthropicClient { ApiKey = "none" }.AsIChatClient("claude-sonnet-4-6"));
