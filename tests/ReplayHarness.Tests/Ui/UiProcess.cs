using System.Diagnostics;
using System.Text.Json.Nodes;
using ReplayHarness.Tests.Replays;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Ui;

/// <summary>The pages as a user starts them: <c>replay-harness ui</c> over a folder of incidents.</summary>
internal sealed class UiProcess : IDisposable
{
    private readonly TempFolder _folder;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private readonly string _key;

    private UiProcess(TempFolder folder, Process process, string address)
    {
        (_folder, _process) = (folder, process);
        (Url, _key) = address.Split("/?") is [var url, var key] ? (url, key) : throw new InvalidOperationException(address);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Url { get; }

    /// <summary>The address of a page, with the key.</summary>
    public string At(string path) => $"{Url}{path}{(path.Contains('?') ? '&' : '?')}{_key}";

    /// <summary>The folder in which it was started.</summary>
    public string Folder => _folder.Path;

    /// <summary>Starts it over the incident of the real input, and what else a test writes.</summary>
    /// <param name="write">Writes into the folder before it starts.</param>
    /// <param name="from">The source of runs; null for none.</param>
    /// <param name="variables">What its environment says besides.</param>
    public static async Task<UiProcess> StartAsync(
        Action<TempFolder>? write = null,
        string? from = null,
        params (string Name, string Value)[] variables
    )
    {
        var folder = new TempFolder();
        AddIncident(folder, "drive-timeout", Data.Fixture, ("shipped", nameof(Shipped)), ("mended", nameof(CatchAdded)));
        write?.Invoke(folder);
        string[] source = from is null ? [] : ["--from", from, "--no-index"];
        var process = Tool.Start(["ui", "replays", "--assembly", Replay.Assembly, "--port", "0", .. source], folder.Path, variables);
        var line =
            await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        return new(folder, process, line.Split(": open")[0]);
    }

    /// <summary>Writes what is expected of the agents of an incident.</summary>
    public static void AddIncident(TempFolder folder, string name, string fixture, params (string Agent, string Driver)[] agents) =>
        folder.Write(
            $"replays/{name}/expected.json",
            new JsonObject
            {
                ["fixture"] = fixture,
                ["agents"] = new JsonArray([
                    .. agents.Select(a => new JsonObject
                    {
                        ["agent"] = a.Agent,
                        ["driver"] = a.Driver,
                        ["verdict"] = "reproduced",
                        ["hypotheses"] = new JsonObject(),
                    }),
                ]),
            }.ToJsonString()
        );

    /// <summary>Ends it as Ctrl-C does; gives its exit code and what it said on standard error.</summary>
    public async Task<(int ExitCode, string Errors)> StopAsync()
    {
        Tool.Signal(_process, "INT");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
