#pragma warning disable CA1304, CA1305, CA1311 // How agents write numbers that know one machine only.
using System.Globalization;
using Microsoft.Extensions.AI;

namespace ReplayHarness.Tests.Replays;

/// <summary>Reads what it wrote itself, in another way than it wrote it.</summary>
public class WritesAsItsMachineDoes : CommonLoop
{
    protected virtual CultureInfo Culture => CultureInfo.CurrentCulture;

    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        var written = 0.5.ToString(Culture);
        var result = await base.CallAsync(services, call, token);
        return double.Parse(written, CultureInfo.InvariantCulture) == 0.5 ? result : throw new InvalidOperationException("nobody's shelf");
    }
}

/// <summary>Reads what it wrote itself, in one way on every machine.</summary>
public sealed class WritesInOneWay : WritesAsItsMachineDoes
{
    protected override CultureInfo Culture => CultureInfo.InvariantCulture;
}

/// <summary>Asks for a shelf by a number that its machine writes.</summary>
public sealed class AsksAsItsMachineWrites : CommonLoop
{
    protected override Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        var asked = new FunctionCallContent(call.CallId, call.Name, new Dictionary<string, object?>(call.Arguments!));
        if (0.5.ToString() != "0.5")
            asked.Arguments!["width"] = 0.5.ToString();
        return base.CallAsync(services, asked, token);
    }
}

/// <summary>Takes it for granted that a machine has four processors or more.</summary>
public sealed class NeedsProcessors : CommonLoop
{
    protected override async Task<AIContent> CallAsync(IServiceProvider services, FunctionCallContent call, CancellationToken token)
    {
        var result = await base.CallAsync(services, call, token);
        return Environment.ProcessorCount >= 4 ? result : throw new InvalidOperationException("nobody's shelf");
    }
}
