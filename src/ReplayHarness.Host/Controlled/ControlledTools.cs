using Microsoft.Extensions.AI;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// What functions of frameworks do when they are invoked, once these have been rewritten: whoever invokes them, the call comes here first.
/// </summary>
public static class ControlledTools
{
    /// <summary>The body of <see cref="AIFunction.InvokeAsync"/>.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">The arguments, or null.</param>
    /// <param name="own">The body that it had.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static ValueTask<object?> InvokeAsync(
        AIFunction function,
        AIFunctionArguments? arguments,
        Func<AIFunctionArguments?, CancellationToken, ValueTask<object?>> own,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(own);
        arguments ??= [];
        var invoked = new InvokedFunction(function, [function.Name], arguments, Awaited(function.UnderlyingMethod?.ReturnType))
        {
            Innermost = Innermost.Of(function),
        };
        if (ProcessState.Current?.Tools?.Catch(invoked) is not { } call)
            return own(arguments, cancellationToken);
        return new(
            call.InvokeAsync(
                () => own(arguments, cancellationToken).AsTask(),
                // What is made of a method gives JSON; of others nobody knows.
                given => function.UnderlyingMethod is null ? given.AsObject() : given.AsJson(),
                returned => returned,
                cancellationToken
            )
        );
    }

    /// <summary>The body of a kernel function's <c>InvokeAsync</c>.</summary>
    /// <param name="function">The kernel function.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="arguments">The arguments, or null.</param>
    /// <param name="own">The body that it had.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<TResult> InvokeAsync<TKernel, TArguments, TResult>(
        object function,
        TKernel kernel,
        TArguments? arguments,
        Func<TKernel, TArguments?, CancellationToken, Task<TResult>> own,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(own);
        var plugin = new PluginFunction(function);
        var invoked = plugin.Invoked(arguments) with { Innermost = plugin.InnermostIn(kernel) };
        return ProcessState.Current?.Tools?.Catch(invoked) is { } call
            ? call.InvokeAsync(
                () => own(kernel, arguments, cancellationToken),
                given => (TResult)plugin.ResultOf(typeof(TResult), given.AsObject()),
                PluginFunction.ValueOf,
                cancellationToken
            )
            : own(kernel, arguments, cancellationToken);
    }

    /// <summary>The body of what a kernel function is beneath the filters of its kernel.</summary>
    /// <param name="function">The kernel function.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="own">The body that it had.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static ValueTask<TResult> InvokeCoreAsync<TKernel, TArguments, TResult>(
        object function,
        TKernel kernel,
        TArguments arguments,
        Func<TKernel, TArguments, CancellationToken, ValueTask<TResult>> own,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(own);
        var plugin = new PluginFunction(function);
        if (ProcessState.Current?.Tools?.CatchInnermost(plugin.Invoked(arguments)) is not { } call)
            return own(kernel, arguments, cancellationToken);
        return new(
            call.InvokeAsync(
                () => own(kernel, arguments, cancellationToken).AsTask(),
                given => (TResult)plugin.ResultOf(typeof(TResult), given.AsObject()),
                PluginFunction.ValueOf,
                cancellationToken
            )
        );
    }

    /// <summary>The type that a method's caller gets in the end: of a task its result; null for nothing.</summary>
    internal static Type? Awaited(Type? type) =>
        type is null || type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask) ? null
        : type.IsGenericType && type.GetGenericTypeDefinition() is var task && (task == typeof(Task<>) || task == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
        : type;
}
