#pragma warning disable RS0030 // The host process: its main thread replays, another reads the jobs.
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Loader;
using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Host;

/// <summary>
/// The host process: one job a line on standard input, one reply a line on standard output; what the agent prints goes to standard error.
/// </summary>
internal static class HostLoop
{
    private static readonly Lock s_writing = new();
    private static Running? s_running;
    private static bool s_watched;

    /// <summary>Serves jobs until the input ends.</summary>
    /// <param name="input">The jobs, one a line.</param>
    /// <param name="output">Gets the replies, one a line.</param>
    /// <param name="parts">The names of the runtime's private parts; null for those of the runtimes that were tested.</param>
    /// <param name="ended">Called when the input ends, whatever runs then; null for nothing.</param>
    public static void Serve(TextReader input, Stream output, RuntimeParts? parts = null, Action? ended = null)
    {
        using var replies = new StreamWriter(output) { NewLine = "\n" };
        var (control, refusal) = Prepare(parts);
        using var jobs = new BlockingCollection<(string Line, CancellationTokenSource Stop)>();
        Read(input, jobs, ended);
        foreach (var (line, stop) in jobs.GetConsumingEnumerable())
            using (stop)
                Reply(replies, control is null ? new(Uncontrollable: refusal) : Answer(line, control, replies, stop.Token));
    }

    // On a thread of its own, so that the user can stop a job that runs. A stop is meant for the job before it, even where that has not
    // begun.
    private static void Read(TextReader input, BlockingCollection<(string Line, CancellationTokenSource Stop)> jobs, Action? ended)
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
            ended?.Invoke();
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
    private static (RuntimeControl? Control, string? Refusal) Prepare(RuntimeParts? parts)
    {
        HttpClient.DefaultProxy = new NoWayOut();
        try
        {
            return (RuntimeControl.TakeOver(parts), null);
        }
        catch (UnexpectedRuntimeException e)
        {
            return (null, e.Message);
        }
    }

    private static HostReply Answer(string line, RuntimeControl control, StreamWriter replies, CancellationToken stop)
    {
        try
        {
            var job = JsonSerializer.Deserialize(line, ReportJson.Relaxed.ReplayJob)!;
            var folder = FixtureFolder.Load(job.Fixture);
            var driver = DriverType.Find(AssemblyLoadContext.Default, job);
            DriverType.Check(driver, control);
            var carrier = new InProcess(
                new FixtureIndex(folder, job.Options.Matching),
                () => DriverType.Create(driver),
                control,
                job.Options.Seed,
                job.ToolsAtOnce is { } atOnce ? new(atOnce) : null
            );
            var runner = new JobRunner(folder, job.Options, carrier, progress => Reply(replies, new(Progress: progress)), stop);
            if (Debugging.IsOn)
                WaitForDebugger();
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

    private static void WaitForDebugger()
    {
        while (!System.Diagnostics.Debugger.IsAttached)
            Thread.Sleep(100);
    }

    private sealed record Running(JobRunner Runner, InProcess Carrier, TimeSpan StepLimit);

    private static void Watch(Running running, StreamWriter replies)
    {
        s_running = running;
        if (s_watched)
            return;
        s_watched = true;
        new Watchdog(
            () => s_running?.StepLimit ?? TimeSpan.FromSeconds(1),
            () =>
                s_running is null ? Doing.Nothing
                : Kernel.Current is null ? Doing.Between
                : Doing.Schedule,
            () => Reply(replies, new()),
            (doing, stall) => End(replies, doing, stall)
        ).Start();
    }

    // The thread that replays never comes back: this process is of no more use. Nothing in it is waited for, so it is killed.
    private static void End(StreamWriter replies, Doing doing, Stall stall)
    {
        if (s_running is not { } running)
            return;
        var how = HowStuck(doing, stall, running.StepLimit);
        Reply(replies, new(running.Runner.Stuck(running.Carrier.LastStep, how)));
        System.Diagnostics.Process.GetCurrentProcess().Kill();
    }

    private static string HowStuck(Doing doing, Stall stall, TimeSpan limit) =>
        (doing, stall) switch
        {
            (_, Stall.Spins) => string.Create(
                CultureInfo.InvariantCulture,
                $"ran for more than {limit.TotalSeconds} s without giving the thread back (a spin loop); await instead"
            ),
            (Doing.Between, _) => string.Create(
                CultureInfo.InvariantCulture,
                $"waited for more than {Watchdog.BetweenLimit.TotalSeconds} s after the schedule had ended "
                    + $"(something that it left behind blocks)"
            ),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"waited for more than {StepTime.Waits * limit.TotalSeconds} s outside the replay (a call that blocks); await instead, or "
                    + $"put it behind a tool"
            ),
        };

    private sealed class NoWayOut : System.Net.IWebProxy
    {
        public System.Net.ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination)
        {
            var what =
                $"real I/O: {destination} was called past the http boundary; a replay reaches no live system: send it with an "
                + $"HttpClient of the agent or of its IHttpClientFactory";
            Kernel.Current?.NoteUncontrolled(what);
            throw new HttpRequestException(what);
        }

        public bool IsBypassed(Uri host) => false;
    }
}
