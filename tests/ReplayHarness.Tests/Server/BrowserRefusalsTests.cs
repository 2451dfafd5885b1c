using System.Net;
using Microsoft.Playwright;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>What a page in a real browser can send to a receiver on loopback: nothing of it is taken, and the page hears nothing.</summary>
public sealed class BrowserRefusalsTests
{
    private const string Body = """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001",
        "spanId":"0000000000000001","name":"forged","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}
        """;

    private const string Ways = """
        async (to) => {
          const said = [];
          const ask = async (what, options, url) => {
            try { const r = await fetch(url ?? to, options); said.push(`${what}: ${r.type} ${r.status}`); }
            catch { said.push(`${what}: refused`); }
          };
          const body = BODY;
          await ask('plain text', { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
          await ask('plain text, unread', { method: 'POST', body, mode: 'no-cors', headers: { 'content-type': 'text/plain' } });
          await ask('json', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
          await ask('form', { method: 'POST', body: new URLSearchParams({ a: body }), mode: 'no-cors' });
          await ask('redirect', { method: 'POST', body, headers: { 'content-type': 'text/plain' } }, '/redirect');
          await ask('redirect, unread', { method: 'POST', body, mode: 'no-cors' }, '/redirect');
          said.push(`beacon: ${navigator.sendBeacon(to, body)}`);
          return said;
        }
        """;

    [Test]
    public async Task Nothing_of_a_page_is_taken()
    {
        await using var browser = await Browser.StartAsync("--host-resolver-rules=MAP evil.example 127.0.0.1");
        using var receiver = await Receiver.StartAsync();
        var port = new Uri(receiver.HttpUrl).Port;
        var traces = $"http://127.0.0.1:{port}/v1/traces";
        using var evil = new EvilSite(traces);

        // A page of another site.
        var page = await browser.VisitAsync($"http://127.0.0.1:{evil.Port}/");
        await AsksAllWays(page, traces);
        // The same, by a name that its owner made that of loopback: for the browser the receiver is then the page's own site.
        var rebound = $"http://evil.example:{port}";
        var answer = await page.GotoAsync($"{rebound}/v1/traces");
        Assert.That(answer!.Status, Is.EqualTo((int)HttpStatusCode.Forbidden));
        await AsksAllWays(page, $"{rebound}/v1/traces");

        await receiver.StopAsync();
        Assert.That(evil.Redirected, Is.GreaterThan(0), "the redirect was not tried");
        Assert.That(
            Directory.GetFiles(receiver.Folder, "*", SearchOption.AllDirectories).Where(f => File.ReadAllText(f).Contains("forged")),
            Is.Empty
        );
    }

    private static async Task AsksAllWays(IPage page, string to)
    {
        var said = await page.EvaluateAsync<string[]>(Ways.Replace("BODY", "`" + Body + "`"), to);
        Assert.That(said.Where(s => s.EndsWith("200", StringComparison.Ordinal)), Is.Empty, string.Join('\n', said));
    }

    // Serves an empty page, and sends who posts to it on.
    private sealed class EvilSite : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly string _to;

        public EvilSite(string to)
        {
            (_to, Port) = (to, Component.FreePort());
            _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port { get; }

        public int Redirected { get; private set; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                    Answer(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { }
        }

        private void Answer(HttpListenerContext context)
        {
            context.Response.Headers["Access-Control-Allow-Origin"] = "*";
            if (context.Request.Url!.AbsolutePath == "/redirect")
            {
                Redirected++;
                context.Response.Headers["Location"] = _to;
                context.Response.StatusCode = (int)HttpStatusCode.TemporaryRedirect;
            }
            else
            {
                context.Response.ContentType = "text/html";
            }
            context.Response.Close();
        }
    }
}
