using System.Net;
using System.Text;
using Microsoft.Playwright;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Ui;

/// <summary>What other sites' pages, other names and hostile folders can do to the pages: nothing.</summary>
public sealed class UiRefusalsTests
{
    private const string Hostile = "<img src=x onerror=window.owned=1>{{script}}'&amp;";

    private static readonly (string, string)[] s_headers =
    [
        ("Content-Security-Policy", "frame-ancestors 'none'"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
    ];

    private UiProcess _ui = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _ui = await UiProcess.StartAsync(folder =>
            UiProcess.AddIncident(folder, Hostile, Data.Fixture, ("shipped", "Shipped"), (Hostile, Hostile))
        );
        _client = new() { BaseAddress = new(_ui.Url) };
        using var first = await _client.GetAsync(_ui.At("/"));
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK), "the key is in the cookie now");
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _client?.Dispose();
        _ui?.Dispose();
    }

    [Test]
    public async Task The_key_moves_from_the_address_into_a_cookie_that_no_script_and_no_other_site_can_use()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var stranger = new HttpClient(handler);
        using var answer = await stranger.GetAsync(_ui.At("/incidents/drive-timeout?a=b"));
        Assert.That(answer.Headers.Location, Is.EqualTo(new Uri($"{_ui.Url}/incidents/drive-timeout?a=b")));
        Assert.That(
            answer.Headers.GetValues("Set-Cookie").Single().Split("; ")[1..],
            Is.EqualTo(["path=/", "samesite=strict", "httponly"])
        );
    }

    [TestCase("Host", "evil.example", "refused: the request is for the host 'evil.example'")]
    [TestCase("Origin", "http://evil.example", "refused: a page of http://evil.example asks")]
    [TestCase("Origin", "http://127.0.0.1:1", "refused: a page of http://127.0.0.1:1 asks")]
    [TestCase("Origin", "null", "refused: a page of null asks")]
    [TestCase("Sec-Fetch-Site", "cross-site", "refused: a page of another site leads here")]
    [TestCase("Sec-Fetch-Site", "same-site", "refused: a page of another site leads here")]
    public async Task Others_are_refused(string header, string value, string said)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/"), (HttpMethod.Post, "/incidents/drive-timeout/replays") })
        {
            using var request = new HttpRequestMessage(method, path);
            if (method == HttpMethod.Post)
                request.Content = new StringContent("{\"agent\":\"shipped\"}", Encoding.UTF8, "application/json");
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await _client.SendAsync(request);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), path);
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.StartWith(said));
        }
    }

    [TestCase("")]
    [TestCase("key=00000000000000000000000000000000")]
    [TestCase("key=")]
    public async Task Who_does_not_know_the_key_is_refused(string query)
    {
        using var stranger = new HttpClient { BaseAddress = new(_ui.Url) };
        foreach (var path in new[] { "/", "/incidents/drive-timeout", "/incidents/drive-timeout/steps", "/runs/1", "/replays/1", "/else" })
        {
            using var answer = await stranger.GetAsync($"{path}?{query}");
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), path);
        }
        using var started = await stranger.PostAsync("/incidents/drive-timeout/replays", new StringContent("{\"agent\":\"shipped\"}"));
        Assert.That(started.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_page_of_another_site_starts_nothing_and_frames_nothing()
    {
        await using var browser = await Browser.StartAsync();
        // A page of another port is of another origin.
        using var other = await UiProcess.StartAsync();
        var page = await browser.VisitAsync(other.At("/"));
        var said = await page.EvaluateAsync<string>(
            """
            async to => {
              const tried = [];
              for (const mode of ['cors', 'no-cors'])
                for (const type of ['text/plain', 'application/json'])
                  try { const r = await fetch(`${to}/incidents/drive-timeout/replays`, { method: 'POST', mode, body: '{"agent":"shipped"}', headers: { 'content-type': type } }); tried.push(`${r.type} ${r.status}`); }
                  catch { tried.push('refused'); }
              return tried.join();
            }
            """,
            _ui.Url
        );
        Assert.That(said, Does.Not.Contain("202"));
        using var none = await _client.GetAsync("/replays/1");
        Assert.That(none.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "nothing was started");
        using var list = await _client.GetAsync("/");
        foreach (var (header, value) in s_headers)
            Assert.That(list.Headers.GetValues(header), Is.EqualTo([value]), header);
    }

    [TestCase("{}", "there is no agent ; there are shipped, mended")]
    [TestCase("null", "expected agent")]
    [TestCase("[1]", "expected agent")]
    [TestCase("{\"agent\":\"shipped\",\"schedules\":\"sideways\"}", "sideways: expected captured, all")]
    [TestCase("{\"agent\":\"shipped\",\"more\":1}", "$.more: expected agent")]
    public async Task A_request_that_is_wrong_starts_nothing(string body, string said)
    {
        using var answer = await _client.PostAsync("/incidents/drive-timeout/replays", new StringContent(body));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(said));
    }

    [Test]
    public async Task What_folders_and_agents_are_called_is_text()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(_ui.At("/"));
        await page.Locator(".row").First.GetByRole(AriaRole.Link).ClickAsync();
        Assert.That(await page.Locator("#agent").InnerTextAsync(), Does.Contain(Hostile));
        Assert.That(await page.Locator("#way").InnerTextAsync(), Does.Contain("incidents"));
        await page.GetByRole(AriaRole.Button, new() { Name = "step by step" }).ClickAsync();
        await Assertions.Expect(page.Locator("#way")).ToContainTextAsync(Hostile);
        Assert.That(await page.Locator("img").CountAsync(), Is.Zero);
        Assert.That(await page.EvaluateAsync<bool>("'owned' in window"), Is.False);
    }

    [Test]
    public async Task It_ends_as_it_is_asked_to()
    {
        using var ui = await UiProcess.StartAsync();
        var (code, errors) = await ui.StopAsync();
        Assert.That((code, errors), Is.EqualTo((0, "")));
    }
}
