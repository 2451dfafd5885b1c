using System.ClientModel;
using System.Diagnostics;
using Anthropic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TeamAgents;

// What the traces of the agents' incidents were made with: TeamAgentsRun AGENT MODEL BACKEND [fixed] [told]; they go to the exporter's
// usual endpoint, where `replay-harness listen` hears them.
AppContext.SetSwitch("Microsoft.SemanticKernel.Experimental.GenAI.EnableOTelDiagnosticsSensitive", true);
using var provider = Sdk.CreateTracerProviderBuilder()
    .ConfigureResource(r => r.AddService("team-agents", serviceVersion: "1.0.0"))
    .AddSource("Jobs", GalleryDesk.Source, "Garden", "Archive", "Microsoft.SemanticKernel*", "Microsoft.Agents.AI.Workflows*")
    .AddOtlpExporter()
    .Build();
var (agent, model, backend) = (args[0], new Uri(args[1]), new Uri(args[2]));
var (repaired, fatal) = (args.Contains("fixed"), !args.Contains("told"));
using var http = new HttpClient { BaseAddress = backend };
var openAi = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = model });
var chat = openAi.GetChatClient("gpt-4o-mini").AsIChatClient();
var gallery = new GalleryDesk(chat, new GalleryTools(new OfficeLine(http, repaired)), fatal);
var claude = new AnthropicClient { ApiKey = "none", BaseUrl = model.ToString() }.AsIChatClient("claude-sonnet-4-6");
var garden = new GardenDesk(claude, new PlantRegister(http, repaired), fatal);
using var archive = new Archive();
var shared = archive.Open();
var archives = new ArchiveDesk(chat, () => repaired ? archive.Open() : shared, fatal);
await using var ferries = new ServiceCollection().AddLogging().AddFerryDesk(openAi, backend, repaired).BuildServiceProvider();
const string Gallery = "Where hangs the Night Watch, and who guides through hall 3?",
    Ferry = "When do the ferries to Texel and to Vlieland sail?",
    Garden = "Where do the fern and the iris stand?",
    Archive = "What does the archive hold about the harbour?";
using var jobs = new ActivitySource("Jobs");
using (var job = jobs.StartActivity("job.run"))
{
    job?.SetTag("job_id", agent);
    try
    {
        Console.WriteLine(
            agent switch
            {
                "gallery" => await gallery.AskAsync(Gallery, default),
                "gallery-stream" => await gallery.StreamAsync(Gallery, default),
                "gallery-twice" => await gallery.TwiceAsync("Who guides through hall 1?", Gallery, default),
                "gallery-together" => await gallery.TogetherAsync(Gallery, default),
                "gallery-hand-off" => await gallery.HandOffAsync(Gallery, default),
                "ferry" => await ferries.GetRequiredService<FerryDesk>().AskAsync(Ferry, default),
                "ferry-stream" => await ferries.GetRequiredService<FerryDesk>().StreamAsync(Ferry, default),
                "garden" => await garden.AskAsync(Garden, default),
                "garden-stream" => await garden.StreamAsync(Garden, default),
                "archive" => await archives.AskAsync(Archive, default),
                _ => throw new ArgumentException(agent),
            }
        );
    }
    catch (Exception e)
    {
        job?.SetStatus(ActivityStatusCode.Error, e.Message);
        job?.AddException(e);
        Console.WriteLine($"{e.GetType()}: {e.Message}");
    }
}
