using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Pitfalls;

namespace ReplayHarness.Tests.Replays;

/// <summary>Ways in which agent code hops, waits, and reads the world; each is a driver, controlled or not.</summary>
public abstract class ControlDriver(Func<Toolbox, string, Task> around)
    : PitfallDriver(() =>
        async (tools, calls, token) =>
            await Task.WhenAll(
                calls.Select(async call =>
                {
                    await around(tools, call.CallId);
                    var result = await tools.CallAsync(call, token);
                    await around(tools, call.CallId);
                    return (object?)result;
                })
            )
    );

public sealed class HopsYield() : ControlDriver(async (_, _) => await Task.Yield());

public sealed class HopsTaskRun() : ControlDriver((_, _) => Task.Run(() => Thread.SpinWait(500)));

public sealed class HopsChannel()
    : ControlDriver(
        async (_, id) =>
        {
            var channel = Channel.CreateUnbounded<string>();
            var reader = Task.Run(async () => await channel.Reader.ReadAsync());
            await channel.Writer.WriteAsync(id);
            await reader;
        }
    );

public sealed class HopsParallel()
    : ControlDriver(
        (_, _) =>
            Parallel.ForEachAsync(
                Enumerable.Range(0, 6),
                new ParallelOptions { MaxDegreeOfParallelism = 3 },
                async (i, token) => await Task.Delay(10 * i, token)
            )
    );

public sealed class WaitsBlocking() : ControlDriver((_, _) => Task.Run(() => Task.Delay(100).Wait(5_000)));

public sealed class WaitsMonitor()
    : ControlDriver(
        (_, _) =>
        {
            var gate = new object();
            var waiter = Task.Run(() =>
            {
                lock (gate)
                    Monitor.Wait(gate, 1_000);
            });
            return Task.WhenAll(
                waiter,
                Task.Run(() =>
                {
                    lock (gate)
                        Monitor.PulseAll(gate);
                })
            );
        }
    );

public sealed class WaitsTimers()
    : ControlDriver(
        async (_, _) =>
        {
            using var source = new CancellationTokenSource(700);
            using var periodic = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            try
            {
                while (await periodic.WaitForNextTickAsync(source.Token)) { }
            }
            catch (OperationCanceledException) { }
        }
    );

public sealed class ReadsClock()
    : ControlDriver(
        async (_, _) =>
        {
            var watch = Stopwatch.StartNew();
            var until = DateTime.UtcNow.AddSeconds(3);
            while (DateTimeOffset.UtcNow < until)
                await Task.Delay(500);
            await Task.Delay(watch.Elapsed + TimeSpan.FromMilliseconds(Environment.TickCount64 % 1_000));
        }
    );

public sealed class DrawsRandomly()
    : ControlDriver((_, _) => Task.Delay(new Random().Next(1_000) + Random.Shared.Next(1_000) + (Guid.NewGuid().GetHashCode() & 0xFF)));

public sealed class StartsThreads()
    : ControlDriver(
        async (_, _) =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var thread = new Thread(() =>
            {
                Thread.Sleep(300);
                done.SetResult();
            });
            thread.Start();
            await done.Task;
            thread.Join();
        }
    );

public sealed class RunsLong()
    : ControlDriver(
        async (tools, id) =>
            await await Task.Factory.StartNew(
                () => tools.CallAsync("audit", id, CancellationToken.None),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
    );

public sealed class CountsProcessors()
    : ControlDriver((_, _) => Parallel.ForEachAsync(Enumerable.Range(0, 4), async (_, token) => await Task.Delay(10, token)));

public sealed class StartsProcesses()
    : ControlDriver(
        async (_, _) =>
        {
            using var process = Process.Start(new ProcessStartInfo("true") { UseShellExecute = false });
            await Task.Delay(10);
        }
    );

public sealed class OpensSockets()
    : ControlDriver(
        async (_, _) =>
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        }
    );

public sealed class CallsHttp()
    : ControlDriver(
        async (_, _) =>
        {
            using var client = new HttpMessageInvoker(new SocketsHttpHandler());
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:9/");
            try
            {
                await client.SendAsync(request, CancellationToken.None);
            }
            catch (HttpRequestException) { }
        }
    );

public sealed class MakesItsOwnClient()
    : ControlDriver(
        async (_, _) =>
        {
            using var client = new HttpClient(new LoggingHandler { InnerHandler = new SocketsHttpHandler() })
            {
                Timeout = TimeSpan.FromSeconds(5),
            };
            await client.GetStringAsync(new Uri("http://127.0.0.1:9/"));
        }
    )
{
    private sealed class LoggingHandler : DelegatingHandler;
}

public sealed class Spins()
    : ControlDriver(
        (_, _) =>
        {
            while (Environment.ProcessId > 0)
                Thread.SpinWait(100);
            return Task.CompletedTask;
        }
    );

public sealed class RemembersStatically()
    : ControlDriver(
        async (_, _) =>
        {
            // Two calls come by twice in a schedule.
            if (++s_count > 4)
                throw new InvalidOperationException("a schedule before this one was here");
            await Task.Yield();
        }
    )
{
    private static int s_count;
}
