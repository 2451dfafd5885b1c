using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Replays;

/// <summary>
/// Starts the agent under replay. The agent itself references no harness type; the driver is the one small class that knows both.
/// A new instance and a new container serve every schedule.
/// </summary>
public interface IReplayDriver
{
    /// <summary>
    /// Adds the agent's own services. Afterwards the harness replaces the <see cref="TimeProvider"/>, the primary handler of every
    /// IHttpClientFactory client, and the model: the end of each chain of clients that is registered as <see cref="IChatClient"/>, keyed
    /// ones too; a provider's own client stays, and is answered over HTTP. Tools need no registration: they are caught where they are
    /// invoked. An <see cref="IReadOnlyList{T}"/> of <see cref="AIFunction"/> is replaced where tools are mocked.
    /// </summary>
    void ConfigureServices(IServiceCollection services) { }

    /// <summary>
    /// Whether a call of a tool changes something each time it is made, by the tool's name; a tool that is not named may or may not. What
    /// the fixture's <c>effects</c> say comes first. None, unless a driver says so.
    /// </summary>
    IReadOnlyDictionary<string, bool> Effects => ImmutableDictionary<string, bool>.Empty;

    /// <summary>Runs the agent once, retries and all, as production does. An exception means that the run failed.</summary>
    Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken);
}

/// <summary>What the agent is given.</summary>
/// <param name="Text">The user's text as captured: the question that the run began with.</param>
/// <param name="Attributes">Domain attributes of the incident (task id, workflow, …).</param>
public sealed record ReplayInput(string Text, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>What had been said before that question, oldest first; empty for nothing.</summary>
    public IReadOnlyList<ChatMessage> History { get; init; } = [];

    /// <summary>All questions of the run, in order: <see cref="Text"/>, and what was asked after it in the same session.</summary>
    public IReadOnlyList<string> Questions { get; init; } = [Text];

    /// <summary>
    /// Whether this replay asks for the tool calls of one turn at once, as <c>replay-harness parallel</c> does. For an agent that runs its
    /// tools itself: a driver hands it on to the agent's own switch. Frameworks need no word of it.
    /// </summary>
    public bool ToolsAtOnce
    {
        get => Replays.ToolsAtOnce.Ask(field, $"{nameof(ReplayInput)}.{nameof(ToolsAtOnce)}");
        init;
    }

    internal static ReplayInput Of(Fixture fixture) =>
        new(fixture.Input.User, fixture.Input.Attributes)
        {
            History = [.. (fixture.Input.History ?? []).Select(m => new ChatMessage(new(m.Role), m.Text))],
            Questions = fixture.Input.Questions ?? [fixture.Input.User],
        };
}

/// <summary>The four mocked things, for an agent that is built without a container.</summary>
public static class ReplayServices
{
    /// <summary>The mocked model, without whatever the agent has registered around its own.</summary>
    public static IChatClient ChatClient(this IServiceProvider services) =>
        services.GetService<ModelBoundary>() ?? services.GetRequiredService<IChatClient>();

    /// <summary>The tools: mocked, or the driver's own where the replay mocks at the http boundary.</summary>
    public static IReadOnlyList<AIFunction> Tools(this IServiceProvider services) =>
        services.GetRequiredService<IReadOnlyList<AIFunction>>();

    /// <summary>Virtual time.</summary>
    public static TimeProvider Time(this IServiceProvider services) => services.GetRequiredService<TimeProvider>();

    /// <summary>A client whose requests are answered by the fixture.</summary>
    public static HttpClient HttpClient(this IServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient();
}
