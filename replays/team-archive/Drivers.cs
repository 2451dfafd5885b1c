using System.ClientModel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI.Chat;
using ReplayHarness.Replays;
using TeamAgents;

namespace Replays.TeamArchive;

/// <summary>The agent, over an archive that is filled for each replay.</summary>
/// <param name="apart">Whether each call opens a context of its own.</param>
/// <param name="fatal">Whether the run dies of a tool's error, which is told to the model else.</param>
public abstract class ArchiveDriver(bool apart, bool fatal) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var archive = new Archive();
        await using var shared = archive.Open();
        var model = new ChatClient("gpt-4o-mini", new ApiKeyCredential("none")).AsIChatClient();
        await new ArchiveDesk(model, () => apart ? archive.Open() : shared, fatal).AskAsync(input.Text, cancellationToken);
    }
}

/// <summary>As deployed.</summary>
public sealed class Deployed() : ArchiveDriver(apart: false, fatal: true);

/// <summary>Mended.</summary>
public sealed class Mended() : ArchiveDriver(apart: true, fatal: false);
