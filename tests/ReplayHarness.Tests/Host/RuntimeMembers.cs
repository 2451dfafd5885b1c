using System.Reflection;

namespace ReplayHarness.Tests.Host;

/// <summary>
/// The public members of the runtime that give time, randomness or a thread, or wait for a time. The criterion is names and types: it finds
/// a new member when the runtime gets one.
/// </summary>
internal static class RuntimeMembers
{
    private static readonly string[] s_assemblies =
    [
        "System.Private.CoreLib",
        "System.Threading",
        "System.Threading.Tasks.Parallel",
        "System.Threading.Channels",
        "System.Linq",
        "System.Linq.Parallel",
        "System.Collections.Concurrent",
        "System.ComponentModel.TypeConverter",
        "System.Diagnostics.DiagnosticSource",
        "System.Diagnostics.Process",
        "System.Diagnostics.StackTrace",
        "System.IO.FileSystem.Watcher",
        "System.IO.Pipes",
        "System.Net.Http",
        "System.Net.NameResolution",
        "System.Net.NetworkInformation",
        "System.Net.Ping",
        "System.Net.Primitives",
        "System.Net.Requests",
        "System.Net.Security",
        "System.Net.Sockets",
        "System.Net.WebSockets",
        "System.Security.Cryptography",
    ];

    private static readonly HashSet<string> s_times = new(StringComparer.Ordinal)
    {
        nameof(DateTime),
        nameof(DateTimeOffset),
        nameof(TimeSpan),
        nameof(TimeProvider),
        nameof(DateOnly),
        nameof(TimeOnly),
        nameof(System.Diagnostics.Stopwatch),
    };

    private static readonly HashSet<string> s_starts = new(StringComparer.Ordinal)
    {
        nameof(ThreadStart),
        nameof(ParameterizedThreadStart),
        nameof(WaitCallback),
        nameof(WaitOrTimerCallback),
        nameof(TimerCallback),
    };

    private static readonly HashSet<string> s_waits = new(StringComparer.OrdinalIgnoreCase)
    {
        "timeout",
        "timeoutMilliseconds",
        "millisecondsTimeout",
        "millisecondsTimeOutInterval",
        "closeTimeout",
        "milliseconds",
        "millisecondsDelay",
        "delay",
        "dueTime",
        "period",
    };

    public static IEnumerable<(Type Type, MethodBase Member)> All() =>
        from name in s_assemblies
        from type in Assembly.Load(name).GetExportedTypes()
        where type.Namespace is not ("System.Numerics" or "System.Globalization")
        where type.Namespace?.StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal) != true
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .OfType<MethodBase>()
        where GivesTime(type, member) || GivesChance(type, member) || TakesThread(member) || Waits(type, member)
        select (type, member);

    private static string Given(MethodBase member) => member is MethodInfo method ? method.ReturnType.Name : member.DeclaringType!.Name;

    private static bool GivesTime(Type type, MethodBase member) =>
        type.Name is "Stopwatch" or "SpinWait"
        || (
            member.IsStatic
            && member.GetParameters().Length == 0
            && (
                s_times.Contains(Given(member))
                || (Given(member) is "Int32" or "Int64" && (Has(member, "Tick") || Has(member, "Timestamp")))
                || Has(member, "CpuUsage")
            )
        );

    private static bool GivesChance(Type type, MethodBase member) =>
        Given(member) is "Random" or "RandomNumberGenerator"
        || (member.Name is "GetHashCode" or "Combine" or "ToHashCode" && (member.IsStatic || type == typeof(string)) && IsHash(type))
        || (type.Name == "HashCode" && member.Name == "ToHashCode")
        || (
            member.IsStatic
            && (
                type.Name == "RandomNumberGenerator"
                || Has(member, "Random")
                || Has(member, "TempFile")
                || member.Name is "NewGuid" or "CreateVersion7" or "Shuffle"
            )
        );

    private static bool IsHash(Type type) => type == typeof(string) || type.Name is "HashCode" or "RuntimeHelpers";

    private static bool TakesThread(MethodBase member) =>
        Given(member) == nameof(Thread) || member.GetParameters().Any(p => s_starts.Contains(p.ParameterType.Name));

    private static bool Waits(Type type, MethodBase member) =>
        !s_times.Contains(type.Name) && member.GetParameters().Any(p => s_waits.Contains(p.Name ?? ""));

    private static bool Has(MethodBase member, string word) => member.Name.Contains(word, StringComparison.Ordinal);
}
