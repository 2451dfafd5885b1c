using System.Reflection;
using Mono.Cecil;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting;

/// <summary>Which calls are redirected.</summary>
internal static class CallTable
{
    private static readonly Dictionary<string, (MethodInfo Method, Caller From)> s_redirected = typeof(CallTable)
        .Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Select(m => (Method: m, Replaces: m.GetCustomAttribute<ReplacesAttribute>()))
        .Where(m => m.Replaces is not null)
        .ToDictionary(m => KeyOf(m.Method, m.Replaces!), m => (m.Method, m.Replaces!.From), StringComparer.Ordinal);

    // Few packages use one of these: the others need not be opened.
    private static readonly Dictionary<Caller, HashSet<string>> s_types = Enum.GetValues<Caller>().ToDictionary(c => c, TypesFor);

    /// <summary>The members that are redirected, as <c>TYPE::MEMBER(PARAMETERS)</c>.</summary>
    public static IEnumerable<string> Redirected => s_redirected.Keys;

    /// <summary>True for a type some of whose members are redirected or noted.</summary>
    public static bool IsOfInterest(string type, Caller caller) => s_types[caller].Contains(type);

    /// <summary>The method to call instead; null to leave the call as it is.</summary>
    public static MethodInfo? Redirect(MethodReference called, Caller caller) => Redirect(KeyOf(called), caller);

    /// <summary>The method to call instead of a member, as <c>TYPE::MEMBER(PARAMETERS)</c>; null to leave the call as it is.</summary>
    public static MethodInfo? Redirect(string called, Caller caller) =>
        s_redirected.TryGetValue(called, out var target) && caller >= target.From ? target.Method : null;

    private static HashSet<string> TypesFor(Caller caller) =>
        [
            .. s_redirected.Where(r => caller >= r.Value.From).Select(r => TypeOf(r.Key)),
            .. Advice.Types,
            .. caller >= Caller.Library ? Guards.Types : [],
            .. caller == Caller.Agent ? Advice.TypesOfAgents : [],
        ];

    private static string TypeOf(string key) => key[..key.IndexOf("::", StringComparison.Ordinal)];

    private static string KeyOf(MethodReference called) =>
        $"{called.DeclaringType.FullName}::{called.Name}({string.Join(',', called.Parameters.Select(p => p.ParameterType.FullName))})";

    /// <summary>True for a member that is redirected or noted where it is called in the agent's code.</summary>
    public static bool IsTouched(Type type, MethodBase member) =>
        type.FullName is { } name
        && (s_redirected.ContainsKey(KeyOf(type, member)) || Advice.On(name, member.Name, "", Caller.Agent) is not null);

    /// <summary>The key of a member of the runtime, or of what stands in for one.</summary>
    public static string KeyOf(Type type, MethodBase member)
    {
        var parameters = string.Join(',', member.GetParameters().Select(p => NameOf(p.ParameterType)));
        return $"{type.FullName?.Replace('+', '/')}::{member.Name}({parameters})";
    }

    private static string KeyOf(MethodInfo method, ReplacesAttribute replaces)
    {
        var parameters = method.GetParameters().Skip(replaces.Instance ? 1 : 0).Select(p => NameOf(p.ParameterType));
        return $"{replaces.Type.FullName!.Replace('+', '/')}::{replaces.Member}({string.Join(',', parameters)})";
    }

    // As Mono.Cecil writes it.
    private static string NameOf(Type type) =>
        type.IsGenericMethodParameter ? $"!!{type.GenericParameterPosition}"
        : type.IsGenericParameter ? type.Name
        : type.IsArray ? $"{NameOf(type.GetElementType()!)}[]"
        : type.IsByRef ? $"{NameOf(type.GetElementType()!)}&"
        : type.IsGenericType ? $"{type.GetGenericTypeDefinition().FullName}<{string.Join(',', type.GetGenericArguments().Select(NameOf))}>"
        : type.FullName!.Replace('+', '/');
}
