#pragma warning disable RS0030, CA2025 // A delay of the runtime is what is looked at; what waits here is never run to its end.
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Host.States;
using static ReplayHarness.Host.SelfTests.SelfTest;

namespace ReplayHarness.Host.SelfTests;

/// <summary>What a state's hash must see of containers and tasks: equal where they are equal, another where one thing is another.</summary>
internal static class StateTests
{
    private static readonly AsyncLocal<string> s_flowing = new();

    /// <summary>A container's services, those that were made so far.</summary>
    public static void Container()
    {
        Expect(HashOf(Made("a", "a")) == HashOf(Made("a", "a")), "equal services have different hashes");
        Expect(HashOf(Made("a", "a")) != HashOf(Made("b", "a")), "a singleton that was made is not seen");
        Expect(HashOf(Made("a", "a")) != HashOf(Made("a", "b")), "a service that was made for a scope is not seen");
        Expect(HashOf(Made("a", "a")) != HashOf(Made(null, "a")), "a singleton that was made is not told from one that was not");
        Expect(HashOf(Given("a")) != HashOf(Given("b")), "an object that a container was given is not seen");
    }

    // The services are of types that have no fields of their own to hide behind.
    private static object[] Made(string? singleton, string scoped)
    {
        var provider = new ServiceCollection()
            .AddSingleton(_ => new StringBuilder())
            .AddScoped(_ => new Uri(scoped, UriKind.Relative))
            .BuildServiceProvider();
        var scope = provider.CreateAsyncScope();
        if (singleton is not null)
            scope.ServiceProvider.GetRequiredService<StringBuilder>().Append(singleton);
        scope.ServiceProvider.GetRequiredService<Uri>();
        return [provider, scope.ServiceProvider];
    }

    private static ServiceProvider Given(string text) =>
        new ServiceCollection().AddSingleton(new StringBuilder(text)).BuildServiceProvider();

    /// <summary>A task's error, who waits for it, the locals of an async method and what flows with it.</summary>
    public static void TaskInternals()
    {
        Expect(HashOf(Task.FromException(new TimeoutException("a"))) != HashOf(Task.FromException(new TimeoutException("b"))), "errors");
        Expect(Waiting("a", "a") == Waiting("a", "a"), "equal async methods have different hashes");
        Expect(Waiting("a", "a") != Waiting("b", "a"), "who waits for a task, or the locals of an async method, are not seen");
        Expect(Waiting("a", "a") != Waiting("a", "b"), "an AsyncLocal of an async method is not seen");
        ErrorStaysUnobserved();
        Chains();
    }

    private static UInt128 Waiting(string local, string flowing)
    {
        var awaited = new TaskCompletionSource<int>();
        var text = new StringBuilder(local);
        s_flowing.Value = flowing;
        _ = KeepAsync(awaited.Task, text);
        s_flowing.Value = "";
        return HashOf(awaited.Task);
    }

    private static async Task<string> KeepAsync(Task awaited, StringBuilder local)
    {
        await awaited;
        return local.ToString();
    }

    // Reading an error must not mark it as observed: the agent would then never hear of it.
    private static void ErrorStaysUnobserved()
    {
        var heard = 0;
        void Hear(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            heard++;
            e.SetObserved();
        }
        TaskScheduler.UnobservedTaskException += Hear;
        WalkOneThatFailed();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= Hear;
        Expect(heard > 0, "the error of a task counts as observed once it was read");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WalkOneThatFailed() => HashOf(Task.FromException(new TimeoutException("unobserved")));

    private static void Chains()
    {
        using var taken = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var delay = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
        var chains = AwaitChains.Of(Task.WhenAll(AfterAsync(taken.WaitAsync()), AfterAsync(delay)), static _ => null);
        Expect(
            chains.SequenceEqual(["Task.WhenAll awaits SemaphoreSlim.WaitAsync", "Task.WhenAll awaits Task.Delay"]),
            $"an async method waits for {string.Join("; ", chains)}"
        );
    }

    // The harness' own methods are left out of a chain, but what they wait for is not.
    private static async Task<int> AfterAsync(Task awaited)
    {
        await awaited;
        return 0;
    }

    private static UInt128 HashOf(object value)
    {
        var walk = new HeapWalk();
        walk.Begin();
        walk.Visit(value);
        return walk.Finish();
    }
}
