using System.Collections;
using System.Reflection;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Host.Controlled;

/// <summary>A function of a plugin of Semantic Kernel, which the harness does not reference.</summary>
/// <param name="function">The <c>KernelFunction</c>.</param>
internal sealed class PluginFunction(object function)
{
    /// <summary>Kinds whose own code is a method, or an <c>AIFunction</c>: a prompt is another.</summary>
    public const string OfMethod = "KernelFunctionFromMethod",
        OfFunction = "AIFunctionKernelFunction";

    /// <summary>What models call it: connectors put the plugin's name before its own, each with another sign between.</summary>
    public IReadOnlyList<string> Names { get; } =
        (Of(function, "PluginName"), Of(function, "Name")) switch
        {
            (string plugin, string name) => [$"{plugin}-{name}", $"{plugin}_{name}", $"{plugin}.{name}", name],
            (_, var name) => [(string)name!],
        };

    /// <summary>The type of what it returns; null where that is not known.</summary>
    public Type? Returns =>
        Of(function, "Metadata") is { } metadata && Of(metadata, "ReturnParameter") is { } returns
            ? ControlledTools.Awaited(Of(returns, "ParameterType") as Type)
            : null;

    /// <summary>Its invocation.</summary>
    public InvokedFunction Invoked(object? arguments) =>
        new(function, Names, arguments as IEnumerable<KeyValuePair<string, object?>> ?? [], Returns, IsPlugin: true);

    /// <summary>The function, where filters of a kernel stand around its own code; null where none do.</summary>
    public object? InnermostIn(object? kernel) =>
        function.GetType().Name is OfMethod or OfFunction
        && kernel is not null
        && Of(kernel, "FunctionInvocationFilters") is IEnumerable filters
        && filters.Cast<object>().Any()
            ? function
            : null;

    /// <summary>Its result, as its caller gets it.</summary>
    /// <param name="type">The type <c>FunctionResult</c>.</param>
    /// <param name="value">What it returned.</param>
    public object ResultOf(Type type, object? value) => Activator.CreateInstance(type, function, value, null, null)!;

    /// <summary>What a result holds.</summary>
    public static object? ValueOf<TResult>(TResult result) =>
        typeof(TResult)
            .GetMethod("GetValue", BindingFlags.Instance | BindingFlags.Public)!
            .MakeGenericMethod(typeof(object))
            .Invoke(result, []);

    private static object? Of(object owner, string property) =>
        owner.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.Public)?.GetValue(owner);
}
