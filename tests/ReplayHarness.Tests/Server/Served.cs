using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>The tool serving a fixture, in a process of its own.</summary>
internal sealed partial class Served : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Served(Process process, string url)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        Http = new HttpClient
        {
            BaseAddress = new Uri(url),
            Timeout = TimeSpan.FromSeconds(30),
            DefaultRequestHeaders = { { "anthropic-version", "2023-06-01" } },
        };
    }

    public HttpClient Http { get; }

    public static async Task<Served> StartAsync(string fixture, params string[] more)
    {
        var process = Tool.Start(["serve", fixture, .. more]);
        var line =
            await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        return new Served(process, Address().Match(line).Value);
    }

    /// <summary>Posts a body and gives status and text of the answer.</summary>
    public async Task<(int Status, string Text)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Ends it as Ctrl-C does, and gives its exit code and what it told.</summary>
    public async Task<(int ExitCode, string Errors)> StopAsync()
    {
        Tool.Signal(_process, "INT");
        await _process.WaitForExitAsync();
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Http.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
