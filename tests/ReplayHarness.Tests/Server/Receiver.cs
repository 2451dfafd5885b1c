using System.Diagnostics;
using System.Text.RegularExpressions;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>The tool as a receiver, in a process of its own.</summary>
internal sealed partial class Receiver : IDisposable
{
    private readonly Process _process;
    private readonly TempFolder _folder;

    private Receiver(Process process, string line, TempFolder folder)
    {
        _process = process;
        _folder = folder;
        HttpUrl = Addresses().Matches(line)[0].Value;
        GrpcUrl = Addresses().Matches(line)[1].Value;
    }

    public string HttpUrl { get; }

    public string GrpcUrl { get; }

    public string File => Path.Combine(_folder.Path, "day.jsonl");

    public string Logs => Path.Combine(_folder.Path, "day.logs.jsonl");

    public string Metrics => Path.Combine(_folder.Path, "day.metrics.jsonl");

    public string Folder => _folder.Path;

    public static async Task<Receiver> StartAsync(params string[] more)
    {
        var folder = new TempFolder();
        var process = Tool.Start(["listen", "--out", Path.Combine(folder.Path, "day.jsonl"), "--port", "0", "--grpc-port", "0", .. more]);
        var line =
            await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        return new Receiver(process, line, folder);
    }

    /// <summary>Ends it as Ctrl-C does, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        Tool.Signal(_process, "INT");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("the receiver does not end on SIGINT; a shell's job in the background is started with that signal ignored");
        }
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Addresses();
}
