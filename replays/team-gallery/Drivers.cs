using System.ClientModel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI.Chat;
using ReplayHarness.Replays;
using TeamAgents;

namespace Replays.TeamGallery;

/// <summary>The workflow, over OpenAI's own client and the line to the gallery's office.</summary>
/// <param name="queued">Whether a request waits for the one before it.</param>
/// <param name="fatal">Whether an agent dies of a tool's error, which is told to its model else.</param>
public abstract class GalleryDriver(bool queued, bool fatal) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var office = new HttpClient { BaseAddress = new("https://gallery.example/") };
        var model = new ChatClient("gpt-4o-mini", new ApiKeyCredential("none")).AsIChatClient();
        await new GalleryDesk(model, new(new(office, queued)), fatal).TogetherAsync(input.Text, cancellationToken);
    }
}

/// <summary>As deployed.</summary>
public sealed class Deployed() : GalleryDriver(queued: false, fatal: true);

/// <summary>The error goes to the model; two requests still meet on the line.</summary>
public sealed class Told() : GalleryDriver(queued: false, fatal: false);

/// <summary>Each request waits its turn, and what fails all the same goes to the model.</summary>
public sealed class Mended() : GalleryDriver(queued: true, fatal: false);
