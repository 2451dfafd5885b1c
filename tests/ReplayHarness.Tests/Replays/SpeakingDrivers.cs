using MailPilot;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>The agent as shipped, which says a little more: each heir says one thing otherwise, in the same order.</summary>
public class Speaking : Shipped
{
    protected virtual string Argument => "a";

    protected virtual string Result => "a";

    protected virtual string Told => "a";

    protected virtual string End => "a";

    public override void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<IToolDispatcher>(new Telling(Told)).AddMailPilot();
        services.AddSingleton<IReadOnlyList<AIFunction>>(provider =>
            [
                .. DriveTools.Create(provider.GetRequiredService<DriveConnections>().Get),
                AIFunctionFactory.Create((string text) => Result, "note"),
            ]
        );
    }

    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await services.Tools().Single(t => t.Name == "note").InvokeAsync(new() { ["text"] = Argument }, cancellationToken);
        try
        {
            await base.RunAsync(services, input, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(End);
        }
    }

    private sealed class Telling(string told) : IToolDispatcher
    {
        public async Task<IReadOnlyList<AIContent>> DispatchAsync(
            IReadOnlyList<FunctionCallContent> calls,
            Func<FunctionCallContent, Task<object?>> invoke
        ) => await Task.WhenAll(calls.Select(async c => (AIContent)new FunctionResultContent(c.CallId, $"{await invoke(c)}{told}")));
    }
}

/// <summary>Another argument.</summary>
public sealed class SpeaksOfAnother : Speaking
{
    protected override string Argument => "b";
}

/// <summary>Another result, of the tool's own code.</summary>
public sealed class GivesAnother : Speaking
{
    protected override string Result => "b";
}

/// <summary>Another text for the model.</summary>
public sealed class TellsAnother : Speaking
{
    protected override string Told => "b";
}

/// <summary>Another end.</summary>
public sealed class EndsOtherwise : Speaking
{
    protected override string End => "b";
}

/// <summary>What it says is another thing each time: uncontrolled, and seen in an argument only.</summary>
public sealed class SpeaksAtRandom : Speaking
{
    protected override string Argument => $"{GC.GetTotalAllocatedBytes()}";
}
