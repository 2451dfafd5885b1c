using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Host;
using ReplayHarness.Host.Pumping;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Tests.Process;

/// <summary>What one schedule of a small agent showed.</summary>
internal sealed record Seen(
    string End,
    double Seconds,
    string Log,
    IReadOnlyList<string> Events,
    IReadOnlyList<string> Steps,
    IReadOnlyList<string> Uncontrolled,
    string? Unhandled,
    string? Error,
    IReadOnlyList<string> Facts
);

/// <summary>Small agents under the kernel, each for one thing that kernel and pump must do.</summary>
internal static class Scenarios
{
    public static Dictionary<string, object> Run(RuntimeControl control, string fixture)
    {
        var facts = new List<string>();
        Seen Once(Func<Kernel, Task> agent, IStrategy? strategy = null) => See(control, facts, agent, strategy);
        return new(StringComparer.Ordinal)
        {
            ["by due time"] = Once(DueTimesAsync),
            ["again"] = Once(DueTimesAsync),
            ["other labels"] = Once(kernel => Call(kernel, "other", 1)),
            ["timer after answer"] = Once(kernel => Task.WhenAny(Call(kernel, "call", 1), Task.Delay(2_000))),
            ["timer before answer"] = Once(kernel => Task.WhenAny(Call(kernel, "call", 2), Task.Delay(1_000))),
            ["never answers"] = Once(kernel => kernel.Issue<int>("hang", null, static () => 0).Task),
            ["cancelled"] = Once(CancelledAsync),
            ["unhandled"] = Once(UnhandledAsync),
            ["without end"] = Once(WithoutEndAsync),
            ["stopped"] = Once(StoppedAsync),
            ["blocked"] = Once(kernel => BlockedAsync(kernel, facts)),
            ["slept"] = Once(SleptAsync),
            ["left behind"] = Once(LeavesBehindAsync),
            ["after that"] = Once(DueTimesAsync),
            ["late answer"] = Once(LateAsync, new Backwards()),
            ["pieces"] = Once(kernel => PiecesAsync(kernel, Timeout.InfiniteTimeSpan), new Backwards()),
            ["pieces and a guard"] = Once(kernel => PiecesAsync(kernel, TimeSpan.FromSeconds(2.5)), new Backwards()),
            ["real I/O"] = Once(RealIoAsync),
            ["entered twice"] = Once(kernel => EnterTwiceAsync(kernel, control, facts)),
            ["state"] = Once(kernel => StateAsync(kernel, fixture, facts)),
            ["state afterwards"] = (bool[])
                [ProcessState.Current is null, Kernel.Current is null, Pump.Current is null, AgentHttp.Boundary is null],
            ["orders of items"] = Orders(control, items: true),
            ["orders of answers"] = Orders(control, items: false),
            ["orders of pieces"] = (string[])
                [
                    PieceOrders.Count(control, pieces: 5, pauses: [2.5]),
                    PieceOrders.Count(control, pieces: 5, pauses: [7]),
                    PieceOrders.Count(control, pieces: 5, pauses: [0.5, 7]),
                    PieceOrders.Count(control, pieces: 40, pauses: [3, 3, 3, 3, 3]),
                    PieceOrders.Count(control, pieces: 40, pauses: [70]),
                ],
        };
    }

    private static Seen See(RuntimeControl control, List<string> facts, Func<Kernel, Task> agent, IStrategy? strategy)
    {
        facts.Clear();
        var recorded = new Recorded(strategy ?? new CapturedOrder());
        var kernel = new Kernel(recorded, DateTimeOffset.UnixEpoch, control);
        var end = kernel.Run(() => agent(kernel));
        return new(
            end.ToString(),
            TimeSpan.FromTicks(kernel.EndTicks).TotalSeconds,
            kernel.LogHash.ToString("x16", CultureInfo.InvariantCulture),
            [.. kernel.Events.Select(e => $"{(e.Starts ? "+" : "-")}{e.Label}")],
            [.. recorded.Steps.Select(s => $"{string.Join(",", s.Enabled)} > {s.Chosen}")],
            [.. kernel.Uncontrolled],
            kernel.Unhandled?.Message,
            kernel.Root.Exception?.InnerException?.GetType().Name ?? (kernel.Root.IsCanceled ? "cancelled" : null),
            [.. facts]
        );
    }

    private static async Task<int> Call(Kernel kernel, string name, double seconds) =>
        await kernel.Issue(name, TimeSpan.FromSeconds(seconds), static () => 0).Task;

    private static Task DueTimesAsync(Kernel kernel) => Task.WhenAll(Call(kernel, "c", 3), Call(kernel, "a", 1), Call(kernel, "b", 2));

    // An answer in three pieces, a second apart, beside a call that is due between the first two.
    private static async Task PiecesAsync(Kernel kernel, TimeSpan guarded)
    {
        using var guard = new CancellationTokenSource(guarded);
        var (call, answer) = (Call(kernel, "call", 1.5), new AnswerInPieces(kernel.Time, "stream", beginsTicks: 0));
        for (var piece = 0; piece < 3; piece++)
            await answer.NextAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        await call;
    }

    private static async Task CancelledAsync(Kernel kernel)
    {
        using var stop = new CancellationTokenSource(1_000);
        await kernel.Issue("slow", TimeSpan.FromSeconds(5), static () => 0, token: stop.Token).Task;
    }

    private static async Task UnhandledAsync(Kernel kernel)
    {
        ThreadPool.QueueUserWorkItem(static _ => throw new InvalidDataException("nobody catches this"));
        await Call(kernel, "call", 1);
    }

    private static async Task WithoutEndAsync(Kernel kernel)
    {
        while (true)
            await Task.Delay(TimeSpan.FromDays(40));
    }

    private static async Task StoppedAsync(Kernel kernel)
    {
        await Call(kernel, "call", 1);
        kernel.Stop();
        await Call(kernel, "more", 1);
    }

    private static async Task BlockedAsync(Kernel kernel, List<string> facts)
    {
        var waits = Task.Run(() => Call(kernel, "long", 3).Wait(10_000));
        await Call(kernel, "short", 1);
        facts.Add(kernel.HasBlockedThreads.ToString());
        facts.Add((await waits).ToString());
        facts.Add(kernel.HasBlockedThreads.ToString());
    }

    private static async Task SleptAsync(Kernel kernel)
    {
        await Task.Run(static () => Pump.Sleep(TimeSpan.FromHours(2)));
        await Call(kernel, "call", 1);
    }

    // A timer, a work item, and a thread that waits.
    private static async Task LeavesBehindAsync(Kernel kernel)
    {
        _ = Task.Delay(100);
        _ = Task.Run(() => Call(kernel, "left", 50).Wait());
        await Task.Yield();
        _ = Task.Run(static () => { });
    }

    private static async Task LateAsync(Kernel kernel)
    {
        using var limit = new CancellationTokenSource(4_000);
        await Task.WhenAll(Call(kernel, "early", 1), Call(kernel, "late", 9));
        await Task.Delay(Timeout.Infinite, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task RealIoAsync(Kernel kernel)
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Connect(closed.LocalEndPoint!);
        }
        catch (SocketException)
        {
            // Refused, as it must be.
        }
        return RequestAsync();
    }

    private static async Task RequestAsync()
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = static (_, _) => ValueTask.FromResult<Stream>(new Canned()),
        };
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://localhost/"));
        using var response = await client.SendAsync(request, CancellationToken.None);
    }

    private static async Task EnterTwiceAsync(Kernel kernel, RuntimeControl control, List<string> facts)
    {
        try
        {
            new Kernel(new CapturedOrder(), DateTimeOffset.UnixEpoch, control).Run(static () => Task.CompletedTask);
        }
        catch (InvalidOperationException e)
        {
            facts.Add(e.GetType().Name);
        }
        facts.Add((Kernel.Current == kernel).ToString());
        await Call(kernel, "call", 1);
    }

    private static Task StateAsync(Kernel kernel, string fixture, List<string> facts)
    {
        var index = new FixtureIndex(FixtureFolder.Load(fixture));
        ProcessState.Current!.Http = new HttpBoundary(
            new KernelCarrier(kernel, new ReplayContext(index, index.Fixture.Hypotheses[0]) { SeesTools = true })
        );
        facts.Add((AgentHttp.Boundary is not null).ToString());
        return Task.CompletedTask;
    }

    // Which of two came first, over all schedules.
    private static SortedDictionary<string, string> Orders(RuntimeControl control, bool items)
    {
        var strategy = new DepthFirst { InterleavesItems = items };
        bool more;
        do
        {
            var order = "";
            var kernel = new Kernel(strategy, DateTimeOffset.UnixEpoch, control);
            kernel.Run(async () =>
            {
                if (items)
                    await Task.WhenAll(Task.Run(() => order += "a"), Task.Run(() => order += "b"));
                else
                    await Task.WhenAll(NoteAsync("a", 1), NoteAsync("b", 2));
            });
            more = strategy.Next(order);

            async Task NoteAsync(string name, double seconds)
            {
                await Call(kernel, name, seconds);
                order += name;
            }
        } while (more);
        return new(strategy.Total.ToDictionary(o => o.Key, o => o.Value.ToString(CultureInfo.InvariantCulture)), StringComparer.Ordinal);
    }

    // The last of what is enabled comes first.
    private sealed class Backwards : IStrategy
    {
        public void Begin() { }

        public int Choose(Decision decision) => decision.Enabled.Count - 1;

        public bool Next(string? outcome) => false;
    }

    // Answers whatever is written to it.
    private sealed class Canned : MemoryStream
    {
        public Canned()
            : base(Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n")) { }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;

        public override void Write(ReadOnlySpan<byte> buffer) { }
    }
}
