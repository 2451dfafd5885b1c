using System.ComponentModel;
using System.Text;
using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;

namespace TeamAgents;

/// <summary>A line to a gallery's office, for one request at a time. One that is <paramref name="queued"/> waits its turn.</summary>
public sealed class OfficeLine(HttpClient http, bool queued)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _taken;

    public async Task<string> AskAsync(string path, CancellationToken cancellationToken)
    {
        if (queued)
            await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_taken)
                throw new InvalidOperationException("The line carries a request already.");
            _taken = true;
            try
            {
                return await http.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken);
            }
            finally
            {
                _taken = false;
            }
        }
        finally
        {
            if (queued)
                _turn.Release();
        }
    }
}

/// <summary>What the gallery's agents use.</summary>
public sealed class GalleryTools(OfficeLine line)
{
    public AIFunction Painting => AIFunctionFactory.Create(FindPaintingAsync, "find_painting");

    public AIFunction Guide => AIFunctionFactory.Create(FindGuideAsync, "find_guide");

    [Description("Where a painting hangs.")]
    private Task<string> FindPaintingAsync([Description("Its title")] string title, CancellationToken cancellationToken) =>
        line.AskAsync($"paintings/{Uri.EscapeDataString(title)}", cancellationToken);

    [Description("Who guides through a hall.")]
    private Task<string> FindGuideAsync([Description("The hall")] string hall, CancellationToken cancellationToken) =>
        line.AskAsync($"guides/{Uri.EscapeDataString(hall)}", cancellationToken);
}

/// <summary>
/// Agents on Microsoft Agent Framework. Where a tool's error is <paramref name="fatal"/>, it ends the run; the framework tells it to the
/// model otherwise.
/// </summary>
public sealed class GalleryDesk(IChatClient model, GalleryTools tools, bool fatal)
{
    /// <summary>The source of the agents' own spans.</summary>
    public const string Source = "Gallery";

    /// <summary>One agent, one question.</summary>
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var agent = Curator();
        var session = await agent.CreateSessionAsync(cancellationToken);
        return (await agent.RunAsync(question, session, cancellationToken: cancellationToken)).Text;
    }

    /// <summary>The same, streamed.</summary>
    public async Task<string> StreamAsync(string question, CancellationToken cancellationToken)
    {
        var agent = Curator();
        var session = await agent.CreateSessionAsync(cancellationToken);
        var text = new StringBuilder();
        await foreach (var update in agent.RunStreamingAsync(question, session, cancellationToken: cancellationToken))
            text.Append(update.Text);
        return text.ToString();
    }

    /// <summary>A session: one question, then another.</summary>
    public async Task<string> TwiceAsync(string first, string second, CancellationToken cancellationToken)
    {
        var agent = Curator();
        var session = await agent.CreateSessionAsync(cancellationToken);
        await agent.RunAsync(first, session, cancellationToken: cancellationToken);
        return (await agent.RunAsync(second, session, cancellationToken: cancellationToken)).Text;
    }

    /// <summary>Two agents at once, each with a tool of its own.</summary>
    public Task<string> TogetherAsync(string question, CancellationToken cancellationToken) =>
        RunAsync(
            AgentWorkflowBuilder.BuildConcurrent([
                Agent("Registrar", "You know where paintings hang.", tools.Painting),
                Agent("Planner", "You know who guides.", tools.Guide),
            ]),
            question,
            cancellationToken
        );

    /// <summary>An agent that gives the question to another.</summary>
    public Task<string> HandOffAsync(string question, CancellationToken cancellationToken)
    {
        var (reception, curator) = (Agent("Reception", "You hand each question to the one who knows."), Curator());
        var workflow = AgentWorkflowBuilder.CreateHandoffBuilderWith(reception).WithHandoff(reception, curator, "Knows the halls.").Build();
        return RunAsync(workflow, question, cancellationToken);
    }

    private AIAgent Curator() => Agent("Curator", "You know the halls of a gallery.", tools.Painting, tools.Guide);

    private AIAgent Agent(string name, string instructions, params AITool[] own) =>
        new ChatClientAgent(
            Pipeline.Around(model, Source, fatal),
            instructions: instructions,
            name: name,
            description: instructions,
            tools: own
        )
            .AsBuilder()
            .UseOpenTelemetry(sourceName: Source, configure: t => t.EnableSensitiveData = true)
            .Build();

    private static async Task<string> RunAsync(Workflow workflow, string question, CancellationToken cancellationToken)
    {
        var asked = new List<ChatMessage> { new(ChatRole.User, question) };
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, asked, cancellationToken: cancellationToken);
        await run.TrySendMessageAsync(new TurnToken(emitEvents: true));
        var text = new StringBuilder();
        await foreach (var happened in run.WatchStreamAsync(cancellationToken))
            if (happened is WorkflowErrorEvent error)
                throw error.Data as Exception ?? new InvalidOperationException("the workflow failed");
            else if (happened is WorkflowOutputEvent { Data: List<ChatMessage> messages })
                text.AppendJoin(" | ", messages.Select(m => m.Text));
        return text.ToString();
    }
}
