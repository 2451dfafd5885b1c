using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ReplayHarness.Fixtures;
using ReplayHarness.Host;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Server;
using ReplayHarness.Wire;

namespace ReplayHarness.Benchmarks.Wire;

/// <summary>
/// What one model call costs: through the handler in a replay's process, through Kestrel, and through WireMock; the same exchange, in one
/// run.
/// </summary>
internal static class WireCosts
{
    private const string Path = "/v1/chat/completions";
    private const int Parts = 5,
        CallsOfAReplay = 10;

    private static readonly string s_fixture = System.IO.Path.Combine(AppContext.BaseDirectory, "fixtures", "order-desk");

    // What OpenAI's SDK sends, but for the tools.
    public const string Request =
        """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Find the last orders of customer C-1042 and check stock of SKU-778 in lyon-2."}]}""";

    /// <summary>In the process of a replay: the handler against one that answers at once.</summary>
    public static int RunInKernel(int calls)
    {
        using var bare = new HttpMessageInvoker(new BareHandler(Answer()));
        // Nothing in it waits.
        var baseline = Enumerable.Range(0, Parts).Min(_ => Timed(() => AskAsync(bare, calls).GetAwaiter().GetResult())) / calls;
        RuntimeControl.TakeOver();
        var index = new FixtureIndex(FixtureFolder.Load(s_fixture));
        // What a replay costs without a call is no cost of a call.
        var (none, some) = (Replays(index, 0, calls / CallsOfAReplay), Replays(index, CallsOfAReplay, calls / CallsOfAReplay));
        Print(
            "a model call through the handler, its spans and the rules included",
            (some - none) / CallsOfAReplay / baseline,
            "a handler that answers at once"
        );
        return 0;
    }

    /// <summary>Over sockets: Kestrel, against Kestrel that answers at once, and against WireMock where its jar is given.</summary>
    public static async Task<int> RunAsync(int calls, string? jar)
    {
        var answer = Answer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        await using var bare = builder.Build();
        bare.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(answer);
        });
        await bare.StartAsync();
        var baseline = await CostAsync(bare.Urls.First(), calls);
        await using var server = await FixtureServer.StartAsync(
            new()
            {
                Fixture = FixtureFolder.Load(s_fixture),
                Clock = TimeProvider.System,
                TimeScale = 0,
            }
        );
        var served = await CostAsync(server.Url, calls);
        Print("a model call through Kestrel", served / baseline, "Kestrel that answers at once");
        if (jar is null)
            return 0;
        using var wiremock = await WireMockProcess.StartAsync(jar, Path, answer);
        Print("the same", served / await CostAsync(wiremock.Url, calls), "WireMock 3.13");
        return 0;
    }

    private static double Replays(FixtureIndex index, int calls, int replays)
    {
        var runner = new ScheduleRunner(index, index.Fixture.Hypotheses[0], () => new Asks(calls), RuntimeControl.TakeOver());
        return Enumerable
                .Range(0, Parts)
                .Min(_ =>
                    Timed(() =>
                    {
                        for (var i = 0; i < replays; i++)
                            runner.Run(new CapturedOrder());
                    })
                ) / replays;
    }

    private static byte[] Answer()
    {
        var turn = FixtureFolder.Load(s_fixture).Fixture.Attempts[0].Turns[0];
        return WireFormat.Bytes(
            new OpenAiChat().Body(new WireAnswer("answer_1", "gpt-4o-mini", turn, new WireRequest("gpt-4o-mini", [], Streams: false, [])))
        );
    }

    private static async Task<double> CostAsync(string url, int calls)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        await AskAsync(client, calls, url);
        return await BestAsync(() => AskAsync(client, calls, url), calls);
    }

    private static async Task<double> BestAsync(Func<Task> work, int calls)
    {
        var best = double.MaxValue;
        for (var i = 0; i < Parts; i++)
        {
            var watch = Stopwatch.StartNew();
            await work();
            best = Math.Min(best, watch.Elapsed.TotalSeconds / calls);
        }
        return best;
    }

    public static async Task AskAsync(HttpMessageInvoker client, int calls, string url = "http://model.example")
    {
        for (var i = 0; i < calls; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url + Path)
            {
                Content = new StringContent(Request, Encoding.UTF8, "application/json"),
            };
            using var answer = await client.SendAsync(request, CancellationToken.None);
            await answer.Content.ReadAsByteArrayAsync();
        }
    }

    private static double Timed(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Print(string what, double ratio, string baseline) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {ratio:0.00} x {baseline}"));

    private sealed class BareHandler(byte[] answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            return new(HttpStatusCode.OK) { Content = new ByteArrayContent(answer) };
        }
    }
}

/// <summary>An agent that asks the same again and again.</summary>
internal sealed class Asks(int calls) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        await WireCosts.AskAsync(client, calls);
    }
}
