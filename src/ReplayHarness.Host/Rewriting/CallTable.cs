using System.Reflection;
using Mono.Cecil;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting;

/// <summary>Which calls are redirected, and which are only noted.</summary>
internal static class CallTable
{
    // Concurrency that the runtime derives from the number of processors, of which a replay has one: overlap would silently be lost.
    private const string Parallelism =
        "its concurrency depends on the number of processors; give it ParallelOptions with MaxDegreeOfParallelism";
    private const string Outside = "what it does happens outside the replay; put it behind a tool";

    private static readonly Dictionary<string, (MethodInfo Method, bool AgentOnly)> s_redirected = typeof(CallTable)
        .Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Select(m => (Method: m, Replaces: m.GetCustomAttribute<ReplacesAttribute>()))
        .Where(m => m.Replaces is not null)
        .ToDictionary(m => KeyOf(m.Method, m.Replaces!), m => (m.Method, m.Replaces!.AgentOnly), StringComparer.Ordinal);

    private static readonly HashSet<string> s_types =
    [
        .. s_redirected.Keys.Select(k => k[..k.IndexOf("::", StringComparison.Ordinal)]),
        "System.Threading.Tasks.Parallel",
        "System.Diagnostics.Process",
        "System.Linq.ParallelEnumerable",
    ];

    /// <summary>True for a type some of whose members are redirected or noted.</summary>
    public static bool IsOfInterest(string type) => s_types.Contains(type);

    /// <summary>The method to call instead; null to leave the call as it is.</summary>
    public static MethodInfo? Redirect(MethodReference called, bool agents) =>
        s_redirected.TryGetValue(KeyOf(called), out var target) && (agents || !target.AgentOnly) ? target.Method : null;

    /// <summary>What is wrong with a call that stays; null where nothing is.</summary>
    public static string? AdviceOn(MethodReference called) =>
        called.DeclaringType.FullName switch
        {
            "System.Threading.Tasks.Parallel" when called.Parameters.All(p => p.ParameterType.Name != "ParallelOptions") =>
                $"Parallel.{called.Name}: {Parallelism}",
            "System.Linq.ParallelEnumerable" when called.Name == "AsParallel" =>
                "AsParallel: its concurrency depends on the number of processors; use WithDegreeOfParallelism, or plain LINQ",
            "System.Threading.ThreadPool" when called.Name.EndsWith("RegisterWaitForSingleObject", StringComparison.Ordinal) =>
                $"ThreadPool.{called.Name}: the runtime waits there in real time; await instead",
            "System.Diagnostics.Process" when called.Name == "Start" => $"Process.Start: {Outside}",
            _ => null,
        };

    private static string KeyOf(MethodReference called) =>
        $"{called.DeclaringType.FullName}::{called.Name}({string.Join(',', called.Parameters.Select(p => p.ParameterType.FullName))})";

    private static string KeyOf(MethodInfo method, ReplacesAttribute replaces)
    {
        var parameters = method.GetParameters().Skip(replaces.Instance ? 1 : 0).Select(p => NameOf(p.ParameterType));
        return $"{replaces.Type.FullName}::{replaces.Member}({string.Join(',', parameters)})";
    }

    // As Mono.Cecil writes it.
    private static string NameOf(Type type) =>
        type.IsGenericType
            ? $"{type.GetGenericTypeDefinition().FullName}<{string.Join(',', type.GetGenericArguments().Select(NameOf))}>"
            : type.FullName!;
}
