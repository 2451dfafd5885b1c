using System.Buffers;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Host.States;

/// <summary>What an object of a type adds to a state beside what is walked of it.</summary>
internal enum Share
{
    /// <summary>Its fields, or what <see cref="SpecialTypes"/> takes of it instead.</summary>
    Walked,

    /// <summary>Nothing: it never changes, or what changes of it decides nothing that the agent does.</summary>
    Irrelevant,

    /// <summary>Something that cannot be read: a state in which it is reached is equal to no other.</summary>
    Unknown,
}

/// <summary>
/// Which types are not walked, and why. The rows for what does not count name types of .NET itself, of Microsoft's own packages, of
/// OpenTelemetry's and of the harness, by who signed them and not by their names: what an agent or another package derives from them is
/// walked, unless it adds no field.
/// </summary>
internal static class TypeTable
{
    private const string Description = "describes code, and never changes";
    private const string Settings = "settings that are made once";
    private const string Output = "what is written there the agent does not read";
    private const string Machinery = "holds no values of the agent";
    private const string Harness = "the replay itself, which has its own words in the state";

    private static readonly (Type Base, string Why)[] s_irrelevant =
    [
        (typeof(Encoding), Settings),
        (typeof(Regex), "a pattern and its caches"),
        (typeof(TimeZoneInfo), Settings),
        (typeof(SearchValues), Settings),
        (typeof(JsonSerializerOptions), Settings),
        (typeof(Assembly), Description),
        (typeof(Module), Description),
        (typeof(ParameterInfo), Description),
        (typeof(AssemblyLoadContext), Description),
        (typeof(ActivitySource), Output),
        (typeof(DiagnosticListener), Output),
        (typeof(Lock), "free whenever no thread is blocked"),
        (typeof(TimeProvider), "the clock, which is in the state"),
        (typeof(Kernel), Harness),
        (typeof(VirtualTime), Harness),
        (typeof(ActivityRecorder), Harness),
        (typeof(ReplayContext), Harness),
    ];

    private static readonly (string Namespace, string Why)[] s_namespaces =
    [
        ("System.Globalization", Settings),
        ("System.Diagnostics.Metrics", Output),
        ("System.Diagnostics.Tracing", Output),
        ("System.Text.Json.Serialization", Settings),
        ("System.Net.Security", "no connection is made in a replay"),
        ("Microsoft.Extensions.Logging", Output),
        ("Microsoft.Extensions.Http", Machinery),
        ("Microsoft.Extensions.Diagnostics", Output),
        ("Microsoft.Extensions.FileProviders", Machinery),
        ("Microsoft.Extensions.DependencyInjection", "a container's own; its services are walked"),
        ("OpenTelemetry", Output),
    ];

    private static readonly (Type Base, string Why)[] s_unknown =
    [
        (typeof(WaitHandle), "whether it is set cannot be read without taking it"),
        (typeof(SafeHandle), "a resource outside the heap"),
        (typeof(GCHandle), "points into memory"),
    ];

    /// <summary>What a type adds, and why it is not walked; <see cref="Share.Walked"/> for all that no row names.</summary>
    public static (Share Share, string Why) Of(Type type)
    {
        if (s_unknown.FirstOrDefault(u => u.Base.IsAssignableFrom(type)) is { Base: not null } unknown)
            return (Share.Unknown, unknown.Why);
        if (s_irrelevant.FirstOrDefault(i => i.Base.IsAssignableFrom(type)) is { Base: { } root } row && AddsNoField(type, root))
            return (Share.Irrelevant, row.Why);
        if (type.FullName == "System.Threading.Thread")
            return (Share.Irrelevant, "its stack counts only while it is blocked, and then no states are merged");
        if (IsGeneric(type, typeof(AsyncLocal<>)))
            return (Share.Irrelevant, "its values are in the execution contexts");
        if (
            IsGeneric(type, typeof(ArrayPool<>)) || (type.BaseType is { } pool && IsGeneric(pool, typeof(ArrayPool<>)) && IsFramework(type))
        )
            return (Share.Irrelevant, "memory that nobody uses");
        if (IsFramework(type) && s_namespaces.FirstOrDefault(n => IsIn(type, n.Namespace)) is { Namespace: not null } space)
            return (Share.Irrelevant, space.Why);
        return IsMachinery(type) ? (Share.Irrelevant, Harness) : (Share.Walked, "");
    }

    // Of the harness itself only what leads to the agent's objects, and what comes next: closures and state machines, and these.
    private static readonly Type[] s_ownState =
    [
        typeof(ObservedTool),
        typeof(VirtualTimer),
        typeof(Operation),
        typeof(Piece),
        typeof(AnswerInPieces),
        typeof(Lateness),
        typeof(PacedStream),
        typeof(FileStream),
    ];

    private static bool IsMachinery(Type type) =>
        HarnessCode.Owns(type.Assembly)
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && !Array.Exists(s_ownState, own => own.IsAssignableFrom(type));

    private static bool AddsNoField(Type type, Type root) =>
        TypePlan
            .FieldsOf(type)
            .All(f => !f.DeclaringType!.IsSubclassOf(root) || IsFramework(f.DeclaringType) || HarnessCode.Owns(f.DeclaringType.Assembly));

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static bool IsIn(Type type, string space) =>
        type.Namespace is { } own
        && own.StartsWith(space, StringComparison.Ordinal)
        && (own.Length == space.Length || own[space.Length] == '.');

    // The keys of .NET and its libraries, of ASP.NET Core and Microsoft.Extensions, and of OpenTelemetry.
    private static readonly string[] s_keys =
    [
        "7cec85d7bea7798e",
        "b03f5f7f11d50a3a",
        "b77a5c561934e089",
        "cc7b13ffcd2ddd51",
        "adb9793829ddae60",
        "7bd6737fe5b67e3c",
    ];

    /// <summary>True for a type of .NET itself, or of a library that Microsoft or OpenTelemetry signed.</summary>
    public static bool IsFramework(Type type) =>
        type.Assembly.GetName().GetPublicKeyToken() is { Length: > 0 } key
        && s_keys.Contains(Convert.ToHexStringLower(key), StringComparer.Ordinal);
}
