using MailPilot;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ReplayHarness.Tests.Replays;

/// <summary>A lock around the connection: the race is gone, the missing catch is not.</summary>
public sealed class LockedConnection : Shipped
{
    public override void ConfigureServices(IServiceCollection services) => Tools(services, c => new Locked(c));

    internal static void Tools(IServiceCollection services, Func<IDriveConnection, IDriveConnection> wrap)
    {
        services.AddMailPilot();
        services.AddSingleton(provider =>
        {
            var connection = wrap(provider.GetRequiredService<DriveConnections>().Get());
            return DriveTools.Create(() => connection);
        });
    }

    private sealed class Locked(IDriveConnection inner) : IDriveConnection
    {
        private readonly SemaphoreSlim _one = new(1, 1);

        public async Task<string> SendAsync(string path, CancellationToken cancellationToken)
        {
            await _one.WaitAsync(cancellationToken);
            try
            {
                return await inner.SendAsync(path, cancellationToken);
            }
            finally
            {
                _one.Release();
            }
        }
    }
}

/// <summary>A connection that refuses a second call at once, and an agent that tells its model so: nothing hangs, nothing dies.</summary>
public sealed class BusyConnection : Shipped
{
    public override void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<IToolDispatcher, Telling>();
        LockedConnection.Tools(services, c => new Busy(c));
    }

    private sealed class Busy(IDriveConnection inner) : IDriveConnection
    {
        private bool _isBusy;

        public async Task<string> SendAsync(string path, CancellationToken cancellationToken)
        {
            if (_isBusy)
                throw new InvalidOperationException("a second operation was started");
            _isBusy = true;
            try
            {
                return await inner.SendAsync(path, cancellationToken);
            }
            finally
            {
                _isBusy = false;
            }
        }
    }

    private sealed class Telling : IToolDispatcher
    {
        public async Task<IReadOnlyList<AIContent>> DispatchAsync(
            IReadOnlyList<FunctionCallContent> calls,
            Func<FunctionCallContent, Task<object?>> invoke
        ) => await Task.WhenAll(calls.Select(c => TellAsync(c, invoke)));

        private static async Task<AIContent> TellAsync(FunctionCallContent call, Func<FunctionCallContent, Task<object?>> invoke)
        {
            try
            {
                return new FunctionResultContent(call.CallId, await invoke(call));
            }
            catch (InvalidOperationException e)
            {
                return new FunctionResultContent(call.CallId, $"Error: {e.Message}");
            }
        }
    }
}

/// <summary>A catch that swallows the error and answers without the document: the run survives, the race is still there.</summary>
public sealed class SwallowingCatch : Shipped
{
    public override void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IToolDispatcher, Swallowing>().AddMailPilot();

    private sealed class Swallowing : IToolDispatcher
    {
        public async Task<IReadOnlyList<AIContent>> DispatchAsync(
            IReadOnlyList<FunctionCallContent> calls,
            Func<FunctionCallContent, Task<object?>> invoke
        ) =>
            await Task.WhenAll(
                calls.Select(async c =>
                {
                    try
                    {
                        return (AIContent)new FunctionResultContent(c.CallId, await invoke(c));
                    }
                    catch (TimeoutException)
                    {
                        return new FunctionResultContent(c.CallId, "");
                    }
                })
            );
    }
}

/// <summary>A shorter time-out: the same race, dying sooner.</summary>
public sealed class ShorterTimeout : Shipped
{
    public override void ConfigureServices(IServiceCollection services)
    {
        services.AddMailPilot();
        services.AddSingleton(provider =>
        {
            var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(DriveConnections.HttpClientName);
            var connection = new DriveConnection(client, provider.GetRequiredService<TimeProvider>(), TimeSpan.FromSeconds(5));
            return DriveTools.Create(() => connection);
        });
    }
}

/// <summary>A retry inside the tool's connection: the race still costs a time-out, but the second try succeeds.</summary>
public sealed class RetryInTool : Shipped
{
    public override void ConfigureServices(IServiceCollection services) => LockedConnection.Tools(services, c => new Retrying(c));

    private sealed class Retrying(IDriveConnection inner) : IDriveConnection
    {
        public async Task<string> SendAsync(string path, CancellationToken cancellationToken)
        {
            try
            {
                return await inner.SendAsync(path, cancellationToken);
            }
            catch (TimeoutException)
            {
                return await inner.SendAsync(path, cancellationToken);
            }
        }
    }
}

/// <summary>The calls of a turn begin one second apart: the first read takes 1.12 s, so they still overlap.</summary>
public class OneSecondApart : Shipped
{
    protected virtual TimeSpan Distance => TimeSpan.FromSeconds(1);

    public override void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IToolDispatcher>(provider => new Apart(provider.GetRequiredService<TimeProvider>(), Distance)).AddMailPilot();

    private sealed class Apart(TimeProvider time, TimeSpan distance) : IToolDispatcher
    {
        public async Task<IReadOnlyList<AIContent>> DispatchAsync(
            IReadOnlyList<FunctionCallContent> calls,
            Func<FunctionCallContent, Task<object?>> invoke
        ) =>
            await Task.WhenAll(
                calls.Select(
                    async (c, i) =>
                    {
                        await Task.Delay(distance * i, time);
                        return (AIContent)new FunctionResultContent(c.CallId, await invoke(c));
                    }
                )
            );
    }
}

/// <summary>Two seconds apart the calls never meet, as long as the backend answers within them.</summary>
public sealed class TwoSecondsApart : OneSecondApart
{
    protected override TimeSpan Distance => TimeSpan.FromSeconds(2);
}

/// <summary>Never makes the second call of a turn.</summary>
public sealed class FirstCallOnly : Shipped
{
    public override void ConfigureServices(IServiceCollection services) => services.AddSingleton<IToolDispatcher, First>().AddMailPilot();

    private sealed class First : IToolDispatcher
    {
        public async Task<IReadOnlyList<AIContent>> DispatchAsync(
            IReadOnlyList<FunctionCallContent> calls,
            Func<FunctionCallContent, Task<object?>> invoke
        ) => [new FunctionResultContent(calls[0].CallId, await invoke(calls[0]))];
    }
}

/// <summary>Each read runs on a thread of its own from beginning to end, over one connection that is for one thread at a time.</summary>
public class Threaded : Shipped
{
    public override void ConfigureServices(IServiceCollection services)
    {
        services.AddMailPilot();
        services.AddSingleton(provider => ThreadedDriveTools.Create(Connections(() => Open(provider))));
    }

    protected virtual Func<BlockingDriveConnection> Connections(Func<BlockingDriveConnection> open)
    {
        var shared = open();
        return () => shared;
    }

    private static BlockingDriveConnection Open(IServiceProvider services) =>
        new(
            services.GetRequiredService<IHttpClientFactory>().CreateClient(DriveConnections.HttpClientName),
            services.GetRequiredService<TimeProvider>(),
            TimeSpan.FromSeconds(60)
        );
}

/// <summary>The same with a connection for each call.</summary>
public sealed class ThreadedIsolated : Threaded
{
    protected override Func<BlockingDriveConnection> Connections(Func<BlockingDriveConnection> open) => open;
}
