using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Agents that never come to an end.</summary>
public abstract class Endless : IReplayDriver
{
    public void ConfigureServices(IServiceCollection services) { }

    public abstract Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken);

    // An agent's loop: the calls of a turn are made in the way that is given.
    protected static async Task LoopAsync(
        IServiceProvider services,
        ReplayInput input,
        Func<IReadOnlyList<Func<Task<object?>>>, Task<object?[]>> dispatch
    )
    {
        List<ChatMessage> messages = [new(ChatRole.User, input.Text)];
        while (true)
        {
            var answer = await services.ChatClient().GetResponseAsync(messages);
            FunctionCallContent[] asked = [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
            if (asked.Length == 0)
                return;
            messages.AddRange(answer.Messages);
            var results = await dispatch([.. asked.Select(a => (Func<Task<object?>>)(() => CallAsync(services, a)))]);
            messages.Add(new(ChatRole.Tool, [.. asked.Zip(results, (a, r) => new FunctionResultContent(a.CallId, r))]));
        }
    }

    private static Task<object?> CallAsync(IServiceProvider services, FunctionCallContent call) =>
        services.Tools().Single(t => t.Name == call.Name).InvokeAsync(new(call.Arguments!)).AsTask();

    protected static async Task<T> AgainAndAgainAsync<T>(Func<Task<T>> call, TimeSpan pause)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception)
            {
                await Task.Delay(pause);
            }
        }
    }
}

/// <summary>Makes each call that fails again after a tenth of a second.</summary>
public sealed class CallsForEver : Endless
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        LoopAsync(
            services,
            input,
            async calls => await Task.WhenAll(calls.Select(call => AgainAndAgainAsync(call, TimeSpan.FromSeconds(0.1))))
        );
}

/// <summary>Asks the model again each second, whatever it answers.</summary>
public sealed class AsksForEver : Endless
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        AgainAndAgainAsync<object>(
            async () =>
            {
                await services.ChatClient().GetResponseAsync([new(ChatRole.User, input.Text)], cancellationToken: cancellationToken);
                throw new InvalidOperationException("not this one");
            },
            TimeSpan.FromSeconds(1)
        );
}

/// <summary>Waits for a second, over and over.</summary>
public sealed class Ticks : Endless
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
            await Task.Delay(1_000, cancellationToken);
    }
}

/// <summary>Waits on and on where the first call of a turn is not the first to end.</summary>
public sealed class TicksWhenOvertaken : Endless
{
    public override Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        LoopAsync(
            services,
            input,
            async calls =>
            {
                Task<object?>[] running = [.. calls.Select(call => call())];
                var first = await Task.WhenAny(running);
                while (first != running[0])
                    await Task.Delay(1_000, cancellationToken);
                return await Task.WhenAll(running);
            }
        );
}

/// <summary>Gives way to others for ever, and waits for nothing.</summary>
public sealed class Yields : Endless
{
    public override async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
            await Task.Yield();
    }
}
