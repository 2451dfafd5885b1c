using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;
using TeamAgents;

namespace ReplayHarness.Tests.TeamAgents;

/// <summary>What stands around a tool does when the tool throws.</summary>
public enum OnError
{
    /// <summary>The model is told of it.</summary>
    Tell,

    /// <summary>The model is told that there is nothing.</summary>
    Hide,
}

/// <summary>The gallery's agent, whose tools others stand around: middleware of its framework, or functions that delegate.</summary>
public abstract class GalleryWrapped(bool queued, bool fatal, OnError onError, bool byMiddleware) : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) => Register(services, Tools);

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var model = ProgramDriver
            .Gpt()
            .AsBuilder()
            .UseFunctionInvocation(configure: f =>
            {
                f.AllowConcurrentInvocation = true;
                if (fatal)
                    f.MaximumConsecutiveErrorsPerRequest = 0;
            })
            .Build();
        var tools = Given(services) ?? Tools;
        AIAgent agent = new ChatClientAgent(
            model,
            instructions: "You know the halls of a gallery.",
            tools: byMiddleware ? [.. tools] : [.. tools.Select(t => new Careful(t, onError))]
        );
        if (byMiddleware)
            agent = agent.AsBuilder().Use((_, call, next, token) => GuardAsync(() => next(call, token), onError)).Build();
        await agent.RunAsync(input.Text, cancellationToken: cancellationToken);
    }

    /// <summary>Registers tools.</summary>
    protected virtual void Register(IServiceCollection services, IReadOnlyList<AIFunction> tools) { }

    /// <summary>Tools that the replay gives; null for the agent's own.</summary>
    protected virtual IReadOnlyList<AIFunction>? Given(IServiceProvider services) => null;

    private IReadOnlyList<AIFunction> Tools
    {
        get
        {
            var tools = new GalleryTools(new(ProgramDriver.Backend(), queued));
            return [tools.Painting, tools.Guide];
        }
    }

    private static async ValueTask<object?> GuardAsync(Func<ValueTask<object?>> run, OnError onError)
    {
        try
        {
            return await run();
        }
        catch (InvalidOperationException e)
        {
            return onError == OnError.Tell ? $"Error: {e.Message}" : "[]";
        }
    }

    private sealed class Careful(AIFunction inner, OnError onError) : DelegatingAIFunction(inner)
    {
        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            GuardAsync(() => base.InvokeCoreAsync(arguments, cancellationToken), onError);
    }
}

public sealed class GalleryMiddlewareTells() : GalleryWrapped(true, true, OnError.Tell, byMiddleware: true);

public sealed class GalleryMiddlewareToldOnly() : GalleryWrapped(false, true, OnError.Tell, byMiddleware: true);

public sealed class GalleryMiddlewareHides() : GalleryWrapped(true, false, OnError.Hide, byMiddleware: true);

public sealed class GalleryFunctionTells() : GalleryWrapped(true, true, OnError.Tell, byMiddleware: false);

public sealed class GalleryFunctionHides() : GalleryWrapped(true, false, OnError.Hide, byMiddleware: false);

/// <summary>The same around the tools that the replay gives.</summary>
public abstract class GalleryAroundGiven(bool queued, OnError onError) : GalleryWrapped(queued, true, onError, byMiddleware: false)
{
    protected override void Register(IServiceCollection services, IReadOnlyList<AIFunction> tools) => services.AddSingleton(tools);

    protected override IReadOnlyList<AIFunction>? Given(IServiceProvider services) => services.Tools();
}

public sealed class GalleryGivenTells() : GalleryAroundGiven(true, OnError.Tell);

public sealed class GalleryGivenToldOnly() : GalleryAroundGiven(false, OnError.Tell);
