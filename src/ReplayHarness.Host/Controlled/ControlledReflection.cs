using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Members that agent code calls by reflection: no call in its code tells which. Where it is one that rewritten code would not have called,
/// it is noted.
/// </summary>
public static class ControlledReflection
{
    /// <summary>Instead of <see cref="MethodBase.Invoke(object, object[])"/>.</summary>
    [Replaces(typeof(MethodBase), "Invoke", Instance = true, From = Caller.Agent)]
    public static object? Invoke(MethodBase method, object? obj, object?[]? parameters) => Seen(method).Invoke(obj, parameters);

    /// <summary>Instead of the longer <c>Invoke</c>.</summary>
    [Replaces(typeof(MethodBase), "Invoke", Instance = true, From = Caller.Agent)]
    public static object? Invoke(
        MethodBase method,
        object? obj,
        BindingFlags invokeAttr,
        Binder? binder,
        object?[]? parameters,
        CultureInfo? culture
    ) => Seen(method).Invoke(obj, invokeAttr, binder, parameters, culture);

    /// <summary>Instead of <see cref="ConstructorInfo.Invoke(object[])"/>.</summary>
    [Replaces(typeof(ConstructorInfo), "Invoke", Instance = true, From = Caller.Agent)]
    public static object Construct(ConstructorInfo constructor, object?[]? parameters) =>
        ((ConstructorInfo)Seen(constructor)).Invoke(parameters);

    /// <summary>Instead of <see cref="PropertyInfo.GetValue(object)"/>.</summary>
    [Replaces(typeof(PropertyInfo), "GetValue", Instance = true, From = Caller.Agent)]
    public static object? Value(PropertyInfo property, object? obj) => Seen(property).GetValue(obj);

    /// <summary>Instead of <see cref="PropertyInfo.GetValue(object, object[])"/>.</summary>
    [Replaces(typeof(PropertyInfo), "GetValue", Instance = true, From = Caller.Agent)]
    public static object? Value(PropertyInfo property, object? obj, object?[]? index) => Seen(property).GetValue(obj, index);

    /// <summary>Instead of <see cref="MethodInfo.CreateDelegate(Type)"/>.</summary>
    [Replaces(typeof(MethodInfo), "CreateDelegate", Instance = true, From = Caller.Agent)]
    public static Delegate Bound(MethodInfo method, Type delegateType) => ((MethodInfo)Seen(method)).CreateDelegate(delegateType);

    /// <summary>Instead of <see cref="MethodInfo.CreateDelegate{T}()"/>.</summary>
    [Replaces(typeof(MethodInfo), "CreateDelegate", Instance = true, From = Caller.Agent)]
    public static T Bound<T>(MethodInfo method)
        where T : Delegate => ((MethodInfo)Seen(method)).CreateDelegate<T>();

    /// <summary>Instead of <see cref="Delegate.CreateDelegate(Type, MethodInfo)"/>.</summary>
    [Replaces(typeof(Delegate), "CreateDelegate", From = Caller.Agent)]
    public static Delegate Bound(Type type, MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Delegate.CreateDelegate(type, (MethodInfo)Seen(method));
    }

    private static PropertyInfo Seen(PropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        if (property.GetMethod is { } getter)
            Seen(getter);
        return property;
    }

    private static MethodBase Seen(MethodBase method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (Kernel.Current is { } kernel && method.DeclaringType is { } type && CallTable.IsTouched(type, method))
            kernel.NoteUncontrolled($"{type.Name}.{method.Name} by reflection: a replay cannot see through it; call it{CallingMethod()}");
        return method;
    }

    /// <summary>The agent's method that calls, in brackets.</summary>
    internal static string CallingMethod() =>
        new StackTrace()
            .GetFrames()
            .Select(f => f.GetMethod())
            .FirstOrDefault(m => m?.DeclaringType?.Assembly != typeof(ControlledReflection).Assembly)
            is { } caller
            ? $" ({caller.DeclaringType?.FullName}.{caller.Name})"
            : "";
}
