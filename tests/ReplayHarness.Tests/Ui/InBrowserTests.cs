using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Ui;

/// <summary>Tests of pages in a real browser: it and the server are there from the first test to the last.</summary>
/// <param name="from">The source of runs, which may lie in the server's folder.</param>
public abstract class InBrowserTests(string from)
{
    private protected Browser Browser { get; private set; } = null!;

    private protected UiProcess Ui { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        Browser = await Browser.StartAsync();
        Ui = await UiProcess.StartAsync(Write, from);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        Ui?.Dispose();
        if (Browser is not null)
            await Browser.DisposeAsync();
    }

    /// <summary>Writes into the server's folder before it starts.</summary>
    private protected abstract void Write(TempFolder folder);
}
