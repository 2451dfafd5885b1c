using Microsoft.Extensions.DependencyInjection;
using Pitfalls;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Starts an agent of the pitfalls: a loop with one way to run the calls of a turn.</summary>
public abstract class PitfallDriver(Func<Dispatch> dispatch) : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) { }

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new ToolLoop(services.ChatClient(), services.Tools(), dispatch()).RunAsync(input.Text, cancellationToken);
}

public sealed class LostUpdateBroken() : PitfallDriver(() => LostUpdate.Broken);

public sealed class LostUpdateFixed() : PitfallDriver(() => LostUpdate.Fixed);

public sealed class HedgingBroken() : PitfallDriver(() => Hedging.Broken);

public sealed class HedgingFixed() : PitfallDriver(() => Hedging.Fixed);

public sealed class RetriedChargeBroken() : PitfallDriver(() => RetriedCharge.Broken);

public sealed class RetriedChargeFixed() : PitfallDriver(() => RetriedCharge.Fixed);

public sealed class CrossedLocksBroken() : PitfallDriver(() => CrossedLocks.Broken);

public sealed class CrossedLocksFixed() : PitfallDriver(() => CrossedLocks.Fixed);

public sealed class BlockingToolsBroken() : PitfallDriver(() => BlockingTools.Broken);

public sealed class BlockingToolsFixed() : PitfallDriver(() => BlockingTools.Fixed);

public sealed class LeftRunningBroken() : PitfallDriver(() => LeftRunning.Broken);

public sealed class LeftRunningFixed() : PitfallDriver(() => LeftRunning.Fixed);

public sealed class LeakedOrderBroken() : PitfallDriver(() => LeakedOrder.Broken);

public sealed class LeakedOrderFixed() : PitfallDriver(() => LeakedOrder.Fixed);

public sealed class SharedContextBroken() : PitfallDriver(() => SharedContext.Broken);

public sealed class SharedContextFixed() : PitfallDriver(() => SharedContext.Fixed);

public sealed class WideCommuting() : PitfallDriver(() => Wide.Commuting);

public sealed class WideFirstFinisher() : PitfallDriver(Wide.FirstFinisher);

public sealed class FragileBroken() : PitfallDriver(() => Fragile.Broken);

public sealed class FragileFixed() : PitfallDriver(() => Fragile.Fixed);

public sealed class FragileItems() : PitfallDriver(() => Fragile.OrderOfItems);

public sealed class CrossedLocksEndless() : PitfallDriver(() => CrossedLocks.Endless);

public sealed class WideLeaksOrder() : PitfallDriver(() => LeakedOrder.Broken);

public sealed class TellsSwapped() : PitfallDriver(() => Telling.Swapped);

public sealed class TellsEmpty() : PitfallDriver(() => Telling.Empty);

public sealed class TellsErrorAsData() : PitfallDriver(() => Telling.ErrorAsData);

public sealed class TellsErrorAsSibling() : PitfallDriver(() => Telling.ErrorAsSibling);

public sealed class TellsAsText() : PitfallDriver(() => Telling.AsText);

public sealed class TellsShortened() : PitfallDriver(() => Telling.Shortened);

public sealed class TellsSwappedAndShortened() : PitfallDriver(() => Telling.SwappedAndShortened);

public sealed class TellsInGerman() : PitfallDriver(() => Telling.InGerman);
