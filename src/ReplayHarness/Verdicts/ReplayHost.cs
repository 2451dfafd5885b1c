using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Verdicts;

/// <summary>
/// Runs replay jobs in a process of their own, which owns its thread pool. The process resolves the dependencies of the agent's assembly as if that assembly
/// had been started itself.
/// </summary>
public sealed class ReplayHost : IDisposable
{
    private const string HostFile = "ReplayHarness.Host.dll";

    private readonly string _assembly;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ReplayHost(string assembly, Process process)
    {
        _assembly = assembly;
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the process for the agents of one assembly. It serves one job after another.</summary>
    /// <exception cref="BadInputException">There is no such assembly.</exception>
    public static ReplayHost Start(string assembly)
    {
        var path = Path.GetFullPath(assembly);
        if (!File.Exists(path)) throw new BadInputException($"{assembly}: there is no such assembly; build the agent's project first, and give the path of its DLL");
        return new(path, Process.Start(StartInfo(path)) ?? throw new BadInputException("the replay host could not be started"));
    }

    /// <summary>Runs one job to its end; cancelling ends the process.</summary>
    /// <exception cref="BadInputException">Fixture or driver cannot be used; the message says why and what to do.</exception>
    public async Task<ReplayReport> RunAsync(ReplayJob job, CancellationToken cancellationToken = default)
    {
        using var kill = cancellationToken.Register(_process.Kill);
        var line = JsonSerializer.Serialize(job with { Fixture = Path.GetFullPath(job.Fixture), Assembly = _assembly }, ReportJson.Relaxed.ReplayJob);
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var answer = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        if (answer is null) throw new BadInputException($"the replay host ended with no answer:\n{Tail(await _errors)}");
        var reply = JsonSerializer.Deserialize(answer, ReportJson.Relaxed.HostReply)!;
        return reply.Report ?? throw new BadInputException(reply.Error!);
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string assembly)
    {
        var start = new ProcessStartInfo(DotnetPath()) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("exec");
        Add(start, "--depsfile", Path.ChangeExtension(assembly, ".deps.json"));
        Add(start, "--runtimeconfig", Path.ChangeExtension(assembly, ".runtimeconfig.json"), Path.ChangeExtension(HostPath(assembly), ".runtimeconfig.json"));
        start.ArgumentList.Add(HostPath(assembly));
        // One processor: the runtime then never spins beside the pump. Tier-up must not wait for real time.
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        return start;
    }

    private static void Add(ProcessStartInfo start, string option, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            if (!File.Exists(file)) continue;
            start.ArgumentList.Add(option);
            start.ArgumentList.Add(file);
            return;
        }
    }

    private static string HostPath(string assembly)
    {
        var beside = Path.Combine(Path.GetDirectoryName(assembly)!, HostFile);
        return File.Exists(beside) ? beside : Path.Combine(AppContext.BaseDirectory, HostFile);
    }

    // The runtime lies in ROOT/shared/Microsoft.NETCore.App/VERSION.
    private static string DotnetPath()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var path = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(path) ? path : "dotnet";
    }

    private static string Tail(string text) => text.Length <= 2000 ? text : "…" + text[^2000..];
}
