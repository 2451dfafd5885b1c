using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>
/// Runs replay jobs in a process of their own, which owns its thread pool. The process resolves the dependencies of the agent's assembly as
/// if that assembly had been started itself. It serves one job after another, and never two at once.
/// </summary>
internal sealed class HostProcess : IDisposable
{
    private const string Settings = "appsettings.json";
    private const string HostFile = "ReplayHarness.Host.dll";
    private const int MostMemoryPercent = 75;
    private const int AnswersBetweenUses = 300;

    /// <summary>The line that stops the job that runs.</summary>
    public const string StopLine = "stop";

    // A job gives a sign of life every second, and hardly more seldom on a busy machine.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(3);

    private readonly string _assembly;
    private readonly TimeSpan _silence;
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly IDisposable? _held;
    private int _answers;

    /// <param name="assembly">The assembly that holds the drivers, as an absolute path.</param>
    /// <param name="copy">The copy of it that is replayed.</param>
    /// <param name="silence">How long it may give no sign of life; null for three minutes.</param>
    /// <param name="part">Between how many processes the memory is shared; at least 1.</param>
    public HostProcess(string assembly, string copy, TimeSpan? silence = null, int part = 1)
    {
        (_assembly, Copy) = (assembly, copy);
        _held = ControlledFolder.Hold(Path.GetDirectoryName(copy)!);
        _silence = Debugging.IsOn ? Timeout.InfiniteTimeSpan : silence ?? s_silence;
        var start = StartInfo(copy, []);
        // A deployed host finds its settings beside it, wherever a replay is started from.
        if (File.Exists(Path.Combine(Path.GetDirectoryName(copy)!, Settings)))
            start.Environment.TryAdd("DOTNET_CONTENTROOT", Path.GetDirectoryName(copy));
        // An agent that takes all memory gets an exception, and not the machine; in percent, hexadecimal.
        start.Environment["DOTNET_GCHeapHardLimitPercent"] = Math.Max(1, MostMemoryPercent / part)
            .ToString("X", CultureInfo.InvariantCulture);
        // A replay's telemetry goes nowhere: its spans are recorded beside the agent's own providers, which would call their exporters.
        start.Environment["OTEL_SDK_DISABLED"] = "true";
        _process = Started(start);
        _errors = _process.StandardError.ReadToEndAsync();
        if (Debugging.IsOn)
            Console.Error.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"replay-harness: {Debugging.Variable}=1: attach a debugger to process {_process.Id} ({HostFile}); it waits\n"
                )
            );
    }

    /// <summary>The copy of the assembly that is replayed.</summary>
    public string Copy { get; }

    /// <summary>True once the process has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>True where the last job left nothing behind that could reach into another: everything was controlled.</summary>
    public bool IsReusable { get; private set; }

    /// <summary>The absolute path of an assembly.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string Resolve(string assembly)
    {
        var path = Path.GetFullPath(assembly);
        if (!File.Exists(path))
            throw new BadInputException(
                $"{assembly}: there is no such assembly; build the agent's project first, and give the path of its DLL"
            );
        try
        {
            _ = AssemblyName.GetAssemblyName(path);
            return path;
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            throw new BadInputException($"{path}: cannot be loaded as a .NET assembly; expected the DLL that holds the driver", e);
        }
    }

    /// <summary>
    /// Runs one job to its end. Cancelling stops the exploration: what was explored so far is judged, and nothing more is established.
    /// </summary>
    /// <exception cref="BadInputException">Fixture or driver cannot be used; the message says why and what to do.</exception>
    /// <exception cref="HostFailedException">The process ended without an answer.</exception>
    /// <exception cref="UncontrollableRuntimeException">Its runtime cannot be controlled.</exception>
    public async Task<ReplayReport> RunAsync(ReplayJob job, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        IsReusable = false;
        var line = JsonSerializer.Serialize(
            job with
            {
                Fixture = Path.GetFullPath(job.Fixture),
                Assembly = _assembly,
            },
            ReportJson.Relaxed.ReplayJob
        );
        await SendAsync(line);
        await using var stop = cancellationToken.Register(() => _ = SendAsync(StopLine));
        while (true)
        {
            var reply = JsonSerializer.Deserialize(await AnswerAsync(), ReportJson.Relaxed.HostReply)!;
            // A long job is still at work.
            if (++_answers % AnswersBetweenUses == 0)
                ControlledFolder.Use(Path.GetDirectoryName(Copy)!);
            if (reply.Progress is { } step)
                progress?.Report(step);
            else if (!reply.IsSignOfLife)
                return ReportOf(reply);
        }
    }

    private async Task<string> AnswerAsync()
    {
        using var silence = new CancellationTokenSource(_silence);
        try
        {
            return await _process.StandardOutput.ReadLineAsync(silence.Token) ?? throw await EndedAsync();
        }
        catch (OperationCanceledException)
        {
            throw new HostFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the process that replays gave no sign of life for {_silence.TotalSeconds} s, and is ended: something stopped it"
                )
            );
        }
    }

    private async Task<HostFailedException> EndedAsync()
    {
        // Where in the runtime or the harness it broke off helps no user; what it said does.
        var lines = (await _errors).Split('\n').Where(line => !line.StartsWith("   at ", StringComparison.Ordinal));
        var errors = Tail(string.Join('\n', lines).Trim());
        await _process.WaitForExitAsync(CancellationToken.None);
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the process that replays ended without an answer, with exit code {_process.ExitCode}: the agent ended it, or it crashed"
            ) + (errors.Length == 0 ? "" : $":\n{errors}")
        );
    }

    private ReplayReport ReportOf(HostReply reply)
    {
        if (reply.Uncontrollable is { } why)
            throw new UncontrollableRuntimeException(why);
        var report = reply.Report ?? throw new BadInputException(reply.Error!);
        IsReusable = report.Uncontrolled.Count == 0 && !Debugging.IsOn;
        return report with { AtOnce = reply.AtOnce, Ranges = reply.Ranges };
    }

    private async Task SendAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended; that there is no answer says so.
        }
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        // It holds nothing that is worth an orderly end, and an agent may have left behind what keeps a process alive.
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _held?.Dispose();
    }

    /// <summary>The agent's assembly in a copy of its folder that reads the replay's clock, made once for each build.</summary>
    public static string Prepare(string assembly)
    {
        var folder = ControlledFolder.PathOf(assembly);
        while (true)
            try
            {
                if (!Directory.Exists(folder))
                    MakeControlled(assembly, folder);
                ControlledFolder.Use(folder);
                return Path.Combine(folder, Path.GetFileName(assembly));
            }
            catch (DirectoryNotFoundException) when (!Directory.Exists(folder))
            {
                // Another process has just deleted it, as unused.
            }
    }

    private static void MakeControlled(string assembly, string folder)
    {
        var start = StartInfo(assembly, ["prepare", assembly, folder]);
        // Nothing is replayed here: it may use what there is, and ends before its code would be worth compiling better.
        start.Environment.Remove("DOTNET_PROCESSOR_COUNT");
        start.Environment.Remove("DOTNET_TC_CallCountingDelayMs");
        using var process = Started(start);
        process.StandardInput.Close();
        _ = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new BadInputException($"{assembly}: cannot be prepared for replay: {Tail(errors).Trim()}");
        ControlledFolder.DeleteOthers(folder);
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new MissingToolException($"{start.FileName} cannot be started ({e.Message.TrimEnd('.')}); the .NET runtime is needed", e);
        }
    }

    private static ProcessStartInfo StartInfo(string assembly, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(DotnetPath())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("exec");
        Add(start, "--depsfile", Path.ChangeExtension(assembly, ".deps.json"));
        Add(
            start,
            "--runtimeconfig",
            Path.ChangeExtension(assembly, ".runtimeconfig.json"),
            Path.ChangeExtension(HostPath(assembly), ".runtimeconfig.json")
        );
        start.ArgumentList.Add(HostPath(assembly));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // One processor: the runtime then never spins beside the pump. Tier-up waits until the start is over, and hardly longer.
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "1";
        // Most processes live too short to learn from what they do, and compile much: each method is then written without a second mapping.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        // Garbage is collected where it is made, on no thread beside; the agent's own settings would say otherwise.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return start;
    }

    private static void Add(ProcessStartInfo start, string option, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            if (!File.Exists(file))
                continue;
            start.ArgumentList.Add(option);
            start.ArgumentList.Add(file);
            return;
        }
    }

    /// <summary>The host that runs an agent's assembly: the one beside it, else the one beside this program.</summary>
    public static string HostPath(string assembly)
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
