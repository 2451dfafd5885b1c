#pragma warning disable RS0030 // A thread of agent code gets its name back.
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Net.NetworkInformation;
using System.Runtime.Loader;
using ReplayHarness.Host.Statics;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>Handlers and listeners that agent code gives to the framework, which keeps them for the whole process.</summary>
internal static class FrameworkEvents
{
    private const string Added = "add_";
    private const string Removed = "remove_";
    private const string Thread = "System.Threading.Thread";

    private static readonly Dictionary<string, Type> s_types = new Type[]
    {
        typeof(AppDomain),
        typeof(AssemblyLoadContext),
        typeof(Console),
        typeof(TaskScheduler),
        typeof(NetworkChange),
        typeof(EventSource),
        typeof(Activity),
        typeof(Switch),
        typeof(Trace),
        typeof(TraceSource),
        typeof(System.Diagnostics.Contracts.Contract),
        typeof(System.ComponentModel.TypeDescriptor),
    }.ToDictionary(t => t.FullName!, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> s_listeners = new(StringComparer.Ordinal)
    {
        [typeof(ActivitySource).FullName!] = nameof(ActivitySource.AddActivityListener),
        [typeof(MeterListener).FullName!] = nameof(MeterListener.Start),
    };

    /// <summary>The types with such events.</summary>
    public static IEnumerable<string> EventTypes => s_types.Keys.Append(Thread);

    /// <summary>The types that take listeners.</summary>
    public static IEnumerable<string> ListenerTypes => s_listeners.Keys.Append(typeof(EventListener).FullName!);

    /// <summary>An event listener listens as soon as it is made.</summary>
    public static void Note(EventListener listener)
    {
        if (Kernel.Current is not null)
            LeftBehind.Add(nameof(EventListener), listener, listener.Dispose, isKnownToStay: false);
    }

    /// <summary>True for a member that adds or takes away a handler.</summary>
    public static bool IsEvent(string type, string member) => IsName(type, member) || IsHandler(type, member);

    // A thread outlives the schedule, and so would its name.
    private static bool IsName(string type, string member) => (type, member) is (Thread, "set_Name");

    private static bool IsHandler(string type, string member) =>
        s_types.ContainsKey(type)
        && (member.StartsWith(Added, StringComparison.Ordinal) || member.StartsWith(Removed, StringComparison.Ordinal));

    /// <summary>True for a member that makes a listener listen.</summary>
    public static bool IsListener(string type, string member) => s_listeners.GetValueOrDefault(type) == member;

    /// <summary>A handler or a listener is added, or a handler taken away.</summary>
    public static void Note(string type, string member, object?[] arguments)
    {
        if (IsListener(type, member) && arguments[^1] is IDisposable listener)
            LeftBehind.Add(type, listener, listener.Dispose, isKnownToStay: false);
        if (IsName(type, member) && arguments is [System.Threading.Thread thread, _] && thread.Name is var before)
            LeftBehind.Add(member, arguments[1] ?? "", () => thread.Name = before, isKnownToStay: true);
        if (!IsHandler(type, member) || arguments[^1] is not Delegate handler)
            return;
        var name = member[(member.IndexOf('_', StringComparison.Ordinal) + 1)..];
        var place = $"{type}.{name}";
        if (member.StartsWith(Removed, StringComparison.Ordinal))
            LeftBehind.Remove(place, handler);
        else if (s_types[type].GetEvent(name) is { } one)
            LeftBehind.Add(
                place,
                handler,
                () => one.RemoveEventHandler(arguments.Length > 1 ? arguments[0] : null, handler),
                isKnownToStay: true
            );
    }
}
