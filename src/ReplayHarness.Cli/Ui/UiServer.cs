using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Server;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Ui;

/// <summary>Where the runs of a page come from.</summary>
/// <param name="Name">As commands name it.</param>
/// <param name="Runs">Reads all runs.</param>
/// <param name="Trace">Reads one trace.</param>
internal sealed record UiSource(string Name, Func<IEnumerable<RunSummary>> Runs, Func<string, Trace> Trace);

/// <summary>Pages on loopback about the incidents of a folder and the runs of a source.</summary>
internal sealed class UiServer : IAsyncDisposable
{
    private readonly UiIncidents _incidents;
    private readonly UiReplays _replays;
    private readonly UiSteppers _steppers;
    private readonly UiSource? _source;
    private readonly UiKey _key = new();
    private readonly Lock _reading = new();
    private SeenShapes? _seen;
    private string? _problem;
    private WebApplication? _app;

    /// <param name="incidents">The incidents.</param>
    /// <param name="source">Where runs come from; null for nowhere.</param>
    public UiServer(UiIncidents incidents, UiSource? source)
    {
        (_incidents, _source) = (incidents, source);
        _replays = new(incidents);
        _steppers = new(_replays);
    }

    /// <summary>The address to open.</summary>
    public string Address => _key.AddressOf(LoopbackApp.UrlOf(_app!));

    /// <summary>Reads the source, and listens.</summary>
    /// <exception cref="BadInputException">The source cannot be read, or the port is taken.</exception>
    public async Task StartAsync(int port, CancellationToken token)
    {
        Read();
        if (_problem is { } problem)
            throw new BadInputException(problem);
        _app = await LoopbackApp.StartAsync(port, Map, token);
    }

    /// <summary>Serves until it is stopped.</summary>
    public Task WaitAsync(CancellationToken token) => _app!.WaitForShutdownAsync(token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _replays.Dispose();
    }

    private void Map(WebApplication app)
    {
        app.Use(AnswerAsync);
        Browsers.RefuseOthers(app);
        app.Use(_key.LetInAsync);
        app.MapGet("/", context => PageAsync(context, UiPages.List(List())));
        app.MapPost(
            "/refresh",
            context =>
            {
                Read();
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }
        );
        app.MapGet("/incidents/{name}", (HttpContext context, string name) => PageAsync(context, _steppers.IncidentPage(Found(name))));
        app.MapGet("/incidents/{name}/steps", StepsAsync);
        app.MapPost("/incidents/{name}/replays", StartReplayAsync);
        app.MapGet("/replays/{id}", EventsAsync);
        app.MapPost(
            "/replays/{id}/stop",
            (HttpContext context, string id) =>
            {
                Replay(id).Stop();
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );
        app.MapGet("/runs/{id}", (HttpContext context, string id) => PageAsync(context, UiPages.Run(TraceOf(id))));
    }

    // Nobody may frame a page that starts replays, and what is mistaken is said in words.
    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        try
        {
            await next(context);
        }
        catch (Exception e) when ((e is UnknownPageException || UiReplay.IsToldToPeople(e)) && !context.Response.HasStarted)
        {
            context.Response.StatusCode = e is UnknownPageException ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(Unseen.Spelt(e.Message) + "\n");
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            // A mistake of the harness itself.
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(Unseen.Spelt($"this page cannot be made: {e.GetType().Name}: {e.Message}") + "\n");
        }
    }

    private UiList List()
    {
        var seen = _seen;
        return new("Incidents", _source?.Name, _problem, _incidents.Rows(seen, _source?.Name));
    }

    private void Read()
    {
        if (_source is null)
            return;
        lock (_reading)
            try
            {
                (_seen, _problem) = (SeenShapes.Of(_source.Runs()), null);
            }
            catch (Exception e) when (UiReplay.IsToldToPeople(e))
            {
                // What was read before still stands.
                _problem = e.Message;
            }
    }

    private async Task StepsAsync(HttpContext context, string name)
    {
        var query = context.Request.Query;
        var asked = new UiStepQuery(query["agent"].ToString(), query["hypothesis"].ToString(), [.. query["choose"].OfType<string>()]);
        var (page, elsewhere) = await _steppers.StepsPageAsync(Found(name), asked, context.RequestAborted);
        if (elsewhere is { } canonical)
            context.Response.Redirect(canonical);
        else
            await PageAsync(context, page);
    }

    private async Task StartReplayAsync(HttpContext context, string name)
    {
        UiReplayRequest? asked;
        try
        {
            asked = await JsonSerializer.DeserializeAsync(context.Request.Body, UiJson.Default.UiReplayRequest, context.RequestAborted);
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{e.Path}: expected agent, hypothesis and schedules, as texts", e);
        }
        var replay = _replays.Start(
            Found(name),
            asked ?? throw new BadInputException("expected agent, hypothesis and schedules, as texts")
        );
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        await JsonAsync(context, new UiStarted(replay.Id), UiJson.Default.UiStarted);
    }

    // Server-sent events: a line of JSON each.
    private async Task EventsAsync(HttpContext context, string id)
    {
        var replay = Replay(id);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        await foreach (var told in replay.EventsAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync(
                $"data: {JsonSerializer.Serialize(told, UiJson.Default.UiEvent)}\n\n",
                context.RequestAborted
            );
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static Task PageAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page);
    }

    private static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value, type));
    }

    private UiFound Found(string name) => _incidents.Find(name) ?? throw new UnknownPageException($"there is no incident {name}");

    private UiReplay Replay(string id) => _replays.Find(id) ?? throw new UnknownPageException($"there is no replay {id}");

    private Trace TraceOf(string id) =>
        (_source ?? throw new UnknownPageException("no source of runs was given; restart with --from SOURCE")).Trace(id);
}

/// <summary>There is no such page.</summary>
/// <param name="message">What there is not.</param>
internal sealed class UnknownPageException(string message) : Exception(message);
