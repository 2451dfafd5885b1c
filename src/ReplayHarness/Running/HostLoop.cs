#pragma warning disable RS0030 // The host process: its main thread replays, another reads the jobs.
using System.Collections.Concurrent;
using System.Runtime.Loader;
using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Pump;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>The host process: one job a line on standard input, one reply a line on standard output; what the agent prints goes to standard error.</summary>
internal static class HostLoop
{
    private static readonly Lock s_writing = new();
    private static Running? s_running;
    private static bool s_watched;

    /// <summary>Serves jobs until the input ends.</summary>
    public static void Serve(TextReader input, Stream output)
    {
        using var replies = new StreamWriter(output) { NewLine = "\n" };
        var refusal = Prepare();
        using var jobs = new BlockingCollection<(string Line, CancellationTokenSource Stop)>();
        Read(input, jobs);
        foreach (var (line, stop) in jobs.GetConsumingEnumerable())
            using (stop)
                Reply(replies, refusal is null ? Answer(line, stop.Token, replies) : new(Uncontrollable: refusal));
    }

    // On a thread of its own, so that the user can stop a job that runs. A stop is meant for the job before it, even where that has not begun.
    private static void Read(TextReader input, BlockingCollection<(string Line, CancellationTokenSource Stop)> jobs)
    {
        var thread = new Thread(() =>
        {
            CancellationTokenSource? last = null;
            while (input.ReadLine() is { } line)
            {
                if (line == HostProcess.StopLine)
                    Cancel(last);
                else
                    jobs.Add((line, last = new()));
            }
            jobs.CompleteAdding();
        })
        {
            IsBackground = true,
            Name = "replay jobs",
        };
        thread.UnsafeStart();
    }

    private static void Cancel(CancellationTokenSource? job)
    {
        try
        {
            job?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The job has ended meanwhile.
        }
    }

    private static void Reply(StreamWriter replies, HostReply reply)
    {
        lock (s_writing)
        {
            replies.WriteLine(JsonSerializer.Serialize(reply, ReportJson.Relaxed.HostReply));
            replies.Flush();
        }
    }

    // Nothing ever reaches a live system: a request that passes the boundary finds no way out.
    private static string? Prepare()
    {
        HttpClient.DefaultProxy = new NoWayOut();
        try
        {
            ThreadPoolOwner.TakeOver();
            RealIo.Listen();
            return null;
        }
        catch (NotSupportedException e)
        {
            return $"this .NET runtime cannot be controlled ({e.Message}); use the runtime version that README names";
        }
    }

    private static HostReply Answer(string line, CancellationToken stop, StreamWriter replies)
    {
        try
        {
            var job = JsonSerializer.Deserialize(line, ReportJson.Relaxed.ReplayJob)!;
            var folder = FixtureFolder.Load(job.Fixture);
            var driver = DriverType.Find(AssemblyLoadContext.Default, job);
            DriverType.Check(driver);
            var carrier = new InProcess(new FixtureIndex(folder, job.Options.Matching), driver, () => DriverType.Create(driver));
            var runner = new JobRunner(folder, job.Options, carrier, stop, progress => Reply(replies, new(Progress: progress)));
            if (Debugging.IsOn)
                Debugging.Wait();
            else
                Watch(new(runner, carrier, job.Options.StepLimit), replies);
            return new(runner.Run());
        }
        catch (BadInputException e)
        {
            return new(Error: e.Message);
        }
        finally
        {
            s_running = null;
        }
    }

    private sealed record Running(JobRunner Runner, InProcess Carrier, TimeSpan StepLimit);

    private static void Watch(Running running, StreamWriter replies)
    {
        s_running = running;
        if (s_watched)
            return;
        s_watched = true;
        Watchdog.Start(
            () => s_running?.StepLimit ?? TimeSpan.FromSeconds(1),
            () => s_running is not null && Kernel.Current is not null,
            () =>
            {
                // The thread that replays never comes back: this process is of no more use.
                Reply(replies, new(s_running!.Runner.Stuck(s_running.Carrier.LastStep)));
                Environment.Exit(0);
            }
        );
    }

    private sealed class NoWayOut : System.Net.IWebProxy
    {
        public System.Net.ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination)
        {
            var what =
                $"real I/O: {destination} was called past the http boundary; a replay reaches no live system: send it with an HttpClient of the agent or of its IHttpClientFactory";
            Kernel.Current?.NoteUncontrolled(what);
            throw new HttpRequestException(what);
        }

        public bool IsBypassed(Uri host) => false;
    }
}

/// <summary>Finds the driver in an agent's assembly.</summary>
internal static class DriverType
{
    /// <summary>The driver that a job names.</summary>
    /// <exception cref="BadInputException">There is no such assembly or driver.</exception>
    public static Type Find(AssemblyLoadContext context, ReplayJob job)
    {
        var drivers = Drivers(context, job.Assembly!);
        if (drivers.Length == 0)
            throw new BadInputException(
                $"{job.Assembly}: holds no driver; expected a public class that implements {nameof(IReplayDriver)}"
            );
        var named = job.Driver is null ? drivers : [.. drivers.Where(d => Names(d).Contains(job.Driver, StringComparer.Ordinal))];
        var known = string.Join(", ", drivers.Select(d => d.FullName));
        return named.Length switch
        {
            1 => named[0],
            0 => throw new BadInputException($"{job.Assembly}: holds no driver {job.Driver}; it holds {known}"),
            _ => throw new BadInputException($"{job.Assembly}: holds several drivers; name one after a colon (DLL:TYPE): {known}"),
        };
    }

    /// <summary>Tries once what every schedule does, so that a mistake in the driver is one clear error.</summary>
    public static void Check(Type driver)
    {
        try
        {
            Create(driver).ConfigureServices(new Microsoft.Extensions.DependencyInjection.ServiceCollection());
        }
        catch (Exception e) when (e is not BadInputException)
        {
            throw new BadInputException(
                $"{driver.FullName}.{nameof(IReplayDriver.ConfigureServices)} threw {e.GetType().Name}: {e.Message}",
                e
            );
        }
    }

    public static IReplayDriver Create(Type driver)
    {
        try
        {
            return (IReplayDriver)Activator.CreateInstance(driver)!;
        }
        catch (Exception e) when (e is System.Reflection.TargetInvocationException or MissingMethodException)
        {
            throw new BadInputException(
                $"{driver.FullName} cannot be created: {(e.InnerException ?? e).Message}; a driver needs a public constructor without parameters",
                e
            );
        }
    }

    private static Type[] Drivers(AssemblyLoadContext context, string path)
    {
        try
        {
            return
            [
                .. context
                    .LoadFromAssemblyPath(Controlled(path))
                    .GetExportedTypes()
                    .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IReplayDriver))),
            ];
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            throw new BadInputException($"{path}: cannot be loaded as a .NET assembly: {e.Message}", e);
        }
    }

    // The copy that is replayed lies beside the host.
    private static string Controlled(string path)
    {
        var copy = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(path));
        return File.Exists(copy) ? copy : Path.GetFullPath(path);
    }

    // Full name, simple name, or simple name in kebab-case.
    private static string[] Names(Type type) => [type.FullName!, type.Name, JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name)];
}
