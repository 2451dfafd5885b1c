using Microsoft.Playwright;

namespace ReplayHarness.Tests.Support;

/// <summary>A real Chromium without a window; what its pages ask the network for, and what their scripts complain of, is noted.</summary>
internal sealed class Browser : IAsyncDisposable
{
    // A busy machine is slow, and no page is wrong for that.
    private const float Patience = 300_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _asked = [],
        _complaints = [];

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Requests of the page that was opened last, other than for itself.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>Errors of its scripts, and what the browser's console says.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Starts it; skips the test where there is none.</summary>
    /// <param name="more">More of its options.</param>
    public static async Task<Browser> StartAsync(params string[] more)
    {
        var program = new[] { "chromium", "chromium-browser", "google-chrome" }
            .Select(Component.OnPath)
            .FirstOrDefault(path => path is not null);
        if (program is null)
            Component.Missing("Chromium is not installed");
        var playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        // The sandbox of Chromium needs rights that a container does not give.
        string[] arguments =
        [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            .. more,
        ];
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = arguments }));
    }

    public async Task<IPage> OpenAsync(string file, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await _browser.NewPageAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = 1500, Height = 1000 },
            }
        );
        page.SetDefaultTimeout(Patience);
        _asked.Clear();
        _complaints.Clear();
        page.Request += (_, request) =>
        {
            if (!request.IsNavigationRequest)
                _asked.Add(request.Url);
        };
        page.Console += (_, message) => _complaints.Add(message.Text);
        page.PageError += (_, error) => _complaints.Add(error);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        return page;
    }

    /// <summary>Opens a page of a site.</summary>
    public async Task<IPage> VisitAsync(string address)
    {
        var page = await _browser.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync(address);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
