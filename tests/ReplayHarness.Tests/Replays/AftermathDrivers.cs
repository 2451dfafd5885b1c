using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Its run ends well; something that it left running fails some steps later.</summary>
public abstract class CrashesLater(int steps, double seconds) : Mended
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await base.RunAsync(services, input, cancellationToken);
        Flush(services.Time());
    }

    private async void Flush(TimeProvider time)
    {
        for (var step = 0; step < steps; step++)
            await Task.Delay(TimeSpan.FromSeconds(seconds), time, CancellationToken.None);
        throw new InvalidOperationException("the buffer was closed before it was flushed");
    }
}

public sealed class CrashesInTime() : CrashesLater(steps: 900, seconds: 0.06);

public sealed class CrashesAfterAMinute() : CrashesLater(steps: 2, seconds: 31);

public sealed class CrashesAfterManySteps() : CrashesLater(steps: 2_000, seconds: 0.001);

/// <summary>Its run ends well; what it was built of fails when it is disposed of.</summary>
public abstract class CrashesClosing(bool atOnce) : Mended
{
    public override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(_ => new Buffer(atOnce));
    }

    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        services.GetRequiredService<Buffer>();
        return base.RunAsync(services, input, cancellationToken);
    }

    private sealed class Buffer(bool atOnce) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => atOnce ? throw new InvalidOperationException("the buffer is not empty") : new(FlushAsync());

        private static async Task FlushAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("the buffer is not empty");
        }
    }
}

public sealed class CrashesWhenClosed() : CrashesClosing(atOnce: false);

public sealed class CrashesWhenClosedAtOnce() : CrashesClosing(atOnce: true);
