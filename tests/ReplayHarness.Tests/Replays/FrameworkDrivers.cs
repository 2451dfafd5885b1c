using System.Linq.Expressions;
using System.Reflection;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Keeps a token in the framework's cache for half a second, which calls outlast.</summary>
public class TrustsItsCache : CommonLoop, IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) => services.AddMemoryCache();

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        var cache = services.GetRequiredService<IMemoryCache>();
        cache.Set("token", "t1", TimeSpan.FromSeconds(0.5));
        var result = await base.CallAsync(services, call, token);
        return cache.TryGetValue("token", out _) || Renews(cache) ? result : throw new InvalidOperationException("401: no token");
    }

    protected virtual bool Renews(IMemoryCache cache) => false;
}

/// <summary>As <see cref="TrustsItsCache"/>, and gets another token.</summary>
public sealed class RenewsItsToken : TrustsItsCache
{
    protected override bool Renews(IMemoryCache cache) => cache.Set("token", "t2") is not null;
}

/// <summary>Takes turns by a limiter of the framework that lets one in each half second; a call takes longer.</summary>
public class LimitsItsRate : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        await using var limiter = new FixedWindowRateLimiter(
            new()
            {
                PermitLimit = 1,
                Window = TimeSpan.FromSeconds(0.5),
                AutoReplenishment = false,
            }
        );
        using var first = await limiter.AcquireAsync(1, token);
        var result = await base.CallAsync(services, call, token);
        limiter.TryReplenish();
        using var second = limiter.AttemptAcquire();
        return second.IsAcquired == Expected ? result : throw new InvalidOperationException("429");
    }

    protected virtual bool Expected => true;
}

/// <summary>As <see cref="LimitsItsRate"/>, and takes it for granted that the half second is not over.</summary>
public sealed class TrustsItsLimit : LimitsItsRate
{
    protected override bool Expected => false;
}

/// <summary>Reads the clock by a delegate of a virtual method that is redirected, and of one that is not virtual.</summary>
public sealed class ReadsByDelegates : CommonLoop
{
    private static readonly DateTime s_epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        Func<object?, object?> read = typeof(ReadsByDelegates)
            .GetField(nameof(s_epoch), BindingFlags.NonPublic | BindingFlags.Static)!
            .GetValue;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Func<string> elapsed = watch.ToString;
        Func<DateTime> now = () => DateTime.UtcNow;
        var before = (elapsed(), now());
        var result = await base.CallAsync(services, call, token);
        return (elapsed(), now()) != before && Equals(read(null), s_epoch)
            ? result
            : throw new InvalidOperationException("no time has passed");
    }
}

/// <summary>Reads the clock by an expression tree.</summary>
public sealed class ReadsByExpression : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        Expression<Func<DateTime>> now = () => DateTime.UtcNow;
        _ = now.Compile()();
        return await base.CallAsync(services, call, token);
    }
}

/// <summary>Has a library's thread do some of its own work.</summary>
public sealed class WorksOnALibrarysThread : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        using var worker = new VendorLibrary.Worker();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        worker.Post(() => count++);
        worker.Post(done.SetResult);
        var result = await base.CallAsync(services, call, token);
        await done.Task;
        return count == 1 ? result : throw new InvalidOperationException("it did not count");
    }
}

/// <summary>Waits for a number that a library's thread makes; as long as it takes, and a call takes longer.</summary>
public sealed class WaitsForALibrarysThread : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        using var worker = new VendorLibrary.Worker();
        var number = worker.MakeAsync(42);
        var result = await base.CallAsync(services, call, token).ConfigureAwait(false);
        var isMade = number.IsCompleted;
        return await number.ConfigureAwait(false) == 42 && isMade ? result : throw new InvalidOperationException("the library is slow");
    }
}

/// <summary>A web application: it listens, keeps a token in the framework's cache, and limits the rate of its endpoints.</summary>
public class ServesTheWeb : TrustsItsCache
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddMemoryCache();
        builder.Services.AddRateLimiter(o =>
            o.AddFixedWindowLimiter(
                "each",
                w =>
                {
                    w.PermitLimit = 5;
                    w.Window = TimeSpan.FromSeconds(1);
                }
            )
        );
        await using var app = builder.Build();
        app.UseRateLimiter();
        app.MapGet("/", () => "ready").RequireRateLimiting("each");
        await app.StartAsync(cancellationToken);
        await base.RunAsync(services, input, cancellationToken);
        await app.StopAsync(cancellationToken);
    }

    protected override bool Renews(IMemoryCache cache) => cache.Set("token", "t2") is not null;
}
