using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Server.Driving;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Server.Recording;

/// <summary>What a recording shows.</summary>
/// <param name="Trace">The run: what crossed the wire, and what the agent's own spans tell of its tool calls.</param>
/// <param name="LeftOut">What is not among them, and why; a sentence each.</param>
/// <param name="Secrets">What the agent's requests kept secret in their headers; to be written nowhere.</param>
/// <param name="ExitCode">The agent's exit code; null where it was ended, at the deadline or because the recording was stopped.</param>
public sealed record Recording(Trace Trace, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Secrets, int? ExitCode)
{
    /// <summary>The responses that its tools got over HTTP.</summary>
    internal IReadOnlyList<HttpResponseRecord> Responses { get; init; } = [];

    /// <summary>The requests that had no answer when the agent was ended: method and path.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];
}

/// <summary>Stands between an agent and its real endpoints, and records what crosses the wire.</summary>
public sealed class Recorder
{
    // What an agent asked for last may reach it just before it ends, and its end is noted after that.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(1);

    private readonly RecordOptions _options;
    private readonly DriveClock _clock;
    private readonly Forwarder _forwarder;
    private readonly SpanSink _spans = new();

    private Recorder(RecordOptions options)
    {
        _options = options;
        _clock = new(options.Clock, scale: 1);
        // Nothing is followed, kept or undone on the way: the agent's own client does that.
        _forwarder = new(
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan },
            _clock
        );
    }

    /// <summary>Runs the agent once and records it.</summary>
    /// <param name="options">What to record.</param>
    /// <param name="cancellationToken">Stops it, as its deadline does: what the agent did until then is recorded.</param>
    /// <exception cref="BadInputException">The agent cannot be started, the port is taken, or no model was asked.</exception>
    public static async Task<Recording> RunAsync(RecordOptions options, CancellationToken cancellationToken = default)
    {
        var recorder = new Recorder(options);
        using (recorder._forwarder)
        {
            await using var app = await LoopbackApp.StartAsync(options.Port, recorder.Map, CancellationToken.None).ConfigureAwait(false);
            return await recorder.RunAsync(LoopbackApp.UrlOf(app), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Map(WebApplication app)
    {
        Browsers.RefusePages(app, _options.Log);
        var endpoints = new OtlpEndpoints(MemoryBudget.OfMachine());
        app.MapPost("/v1/traces", context => endpoints.HttpAsync(context, OtlpSchema.Traces, _spans));
        foreach (var signal in (string[])["/v1/logs", "/v1/metrics"])
            app.MapPost(signal, static context => Task.CompletedTask);
        app.Map(
            "/http/{host}/{**path}",
            (HttpContext context, string host, string? path) =>
                HostOf(host) is { } real
                    ? PassAsync(context, new Uri($"{real}/{path}{context.Request.QueryString}"))
                    : RefuseAsync(context, host)
        );
        if (_options.Mcp is { } mcp)
            app.Map("/mcp", (RequestDelegate)(context => PassAsync(context, mcp)));
        app.MapFallback("{*path}", context => PassAsync(context, ModelOf(context.Request)));
    }

    // A host is given by name, or in a variable of the agent; to no other is anything passed on.
    private string? HostOf(string host) =>
        _options.Hosts.TryGetValue(host, out var known) ? known.ToString().TrimEnd('/')
        : _options.Environment.Values.Any(v => Names(v, host)) ? $"https://{host}"
        : null;

    private static bool Names(string value, string host)
    {
        var prefix = "{url}/http/" + host;
        for (var at = 0; (at = value.IndexOf(prefix, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += prefix.Length)
            if (
                value.AsSpan(at + prefix.Length)
                is []
                    or [not (':' or '.' or '-' or (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z')), ..]
            )
                return true;
        return false;
    }

    private Task RefuseAsync(HttpContext context, string host)
    {
        var why = $"the host '{host}' was not given, so nothing is passed on to it; give it as an upstream ({host}=https://{host})";
        _options.Log?.Invoke($"{context.Request.Method} {context.Request.Path}: refused: {why}");
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(why);
    }

    // What the agent's base URL ends in is its SDK's; what the real one ends in is the user's.
    private Uri ModelOf(HttpRequest request)
    {
        var path = request.GetEncodedPathAndQuery();
        var own = request.Path.Value ?? "";
        var address = (WireFormats.All.FirstOrDefault(f => f.Owns(own)) ?? WireFormats.All[0]).Address;
        var real = _options.Models.GetValueOrDefault(address.Variable)?.ToString() ?? address.Real(static _ => null);
        return new Uri(
            real.TrimEnd('/') + (path.StartsWith(address.Suffix + "/", StringComparison.Ordinal) ? path[address.Suffix.Length..] : path)
        );
    }

    private async Task PassAsync(HttpContext context, Uri target)
    {
        var exchange = await _forwarder.ForwardAsync(context, target).ConfigureAwait(false);
        _options.Log?.Invoke(
            $"{exchange.Method} {target.GetLeftPart(UriPartial.Path)} -> "
                + $"{(exchange.Status == 0 ? exchange.End.ToString() : $"{exchange.Status}")}"
        );
    }

    private async Task<Recording> RunAsync(string url, CancellationToken cancellationToken)
    {
        using var child = ChildProcess.Start(_options.Command, ChildEnvironment.ForRecording(_options, url));
        while (!child.HasExited && _clock.Real < _options.Deadline && !cancellationToken.IsCancellationRequested)
            await _clock.PauseAsync(TimeSpan.FromMilliseconds(5), CancellationToken.None).ConfigureAwait(false);
        var (end, code) = (_clock.NowTicks, child.HasExited ? child.ExitCode : (int?)null);
        // Who ended gave up on what had no answer yet; who is ended now waits for it still.
        if (code is null)
            _forwarder.EndAll(end);
        await child.DrainAsync(_options.Clock).ConfigureAwait(false);
        for (var left = _clock.Real + s_settling; code is not null && _forwarder.IsBusy && _clock.Real < left; )
            await _clock.PauseAsync(TimeSpan.FromMilliseconds(2), CancellationToken.None).ConfigureAwait(false);
        return Read(new Ended(code, code is not null, child.LastLine, end), Late(cancellationToken.IsCancellationRequested));
    }

    private Recording Read(Ended ended, string late)
    {
        var recorded = RecordedCalls.Of(_forwarder.Exchanges);
        if (recorded.All.Count == 0)
            throw new BadInputException(
                $"the agent asked no model ({(ended.InTime ? $"exit code {ended.ExitCode}" : late)}); "
                    + $"it is to take its address from {WireFormats.Variables}, which are set for it"
                    + $"{(ended.LastLine is { } line ? $"; the last it printed: {line}" : "")}"
            );
        var own = _spans.Take();
        var runs = AgentRuns.Read(own);
        long TicksOf(long nanos) => Math.Clamp((nanos - _clock.StartNanos) / 100, 0, ended.Ticks);
        var observed = new ObservedCalls(new Dictionary<string, string>(), recorded.Requested, recorded.All, TicksOf);
        List<BoundaryCall> calls = [.. InferredCalls.Added(observed.Of(runs)).OrderBy(c => c.StartTicks)];
        var write = new ReplaySpans($"{_clock.StartNanos}", _clock.StartNanos);
        var trace = ReplayTrace.Of(
            write,
            new(
                calls,
                ReceivedSpan.Of(own.SelectMany(t => t.Spans), observed.Spans, write, TicksOf),
                calls.Max(c => c.Attempt),
                ended.FailureOf(runs, calls) ?? (ended.InTime ? null : new CallError("TimeoutError", late)),
                ended.Ticks
            )
        );
        var http = _forwarder
            .Exchanges.Where(e => e.Path.StartsWith("/http/", StringComparison.Ordinal))
            .ToLookup(e => e.End == ExchangeEnd.Complete);
        return new(
            trace,
            [
                .. http[false]
                    .Select(e =>
                        $"{e.Method} {PublicUrl(e)}: {Why(e)}, so its response is not known; author it in the fixture's folder http/"
                    ),
            ],
            _forwarder.Secrets,
            ended.ExitCode
        )
        {
            Responses = [.. http[true].Select(ResponseOf)],
            Pending = [.. _forwarder.Exchanges.Where(e => e.End == ExchangeEnd.Pending).Select(e => $"{e.Method} {e.Path.Split('?')[0]}")],
        };
    }

    private string Late(bool isStopped) =>
        isStopped
            ? "the agent had not ended when the recording was stopped"
            : FormattableString.Invariant($"the agent had not ended when the deadline of {_options.Deadline.TotalSeconds} s passed");

    private static HttpResponseRecord ResponseOf(Exchange exchange)
    {
        var body = Encoding.UTF8.GetString(exchange.Body);
        var type = exchange.ContentType.Split(';')[0].Trim();
        return new()
        {
            Method = exchange.Method,
            Url = PublicUrl(exchange),
            RequestBody = exchange.Request.Length == 0 ? null : Element(Encoding.UTF8.GetString(exchange.Request)),
            Status = exchange.Status,
            LatencySeconds = Math.Round((exchange.EndTicks - exchange.StartTicks) / (double)TimeSpan.TicksPerSecond, 4),
            ContentType = type.Length == 0 ? "text/plain" : type,
            Body = Element(body),
        };
    }

    private static string Why(Exchange exchange) =>
        exchange.End switch
        {
            ExchangeEnd.Pending => "it was not answered before the recording ended",
            ExchangeEnd.GivenUp => "the agent gave up on it",
            _ => $"the connection failed ({exchange.Error})",
        };

    // What the agent asks for in production: the host by its name, wherever it was found here.
    private static string PublicUrl(Exchange exchange) => $"{exchange.Target.Scheme}://{exchange.Path["/http/".Length..]}";

    private static JsonElement Element(string text) =>
        Json.TryParse(text) is IReadOnlyDictionary<string, object?> or IReadOnlyList<object?>
            ? JsonElement.Parse(text)
            : JsonElement.Parse(Json.Write(text));
}
