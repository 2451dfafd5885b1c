using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Host.States;

/// <summary>
/// Types whose fields are not their state: collections with versions, caches and spare room; tasks; exceptions with stacks; and what is
/// opaque, because it is machinery that decides nothing the agent does. To take too much into the hash costs merging; to take too little is
/// unsound, and the self-audit looks for it.
/// </summary>
internal static class SpecialTypes
{
    private static readonly string[] s_opaqueNamespaces =
    [
        "System.Reflection",
        "System.Globalization",
        "System.Diagnostics.Metrics",
        "System.Diagnostics.Tracing",
        "System.Text.Json",
        "System.Runtime.Loader",
        "System.Net.Security",
        "System.Buffers",
        "Microsoft.Extensions.Logging",
        "Microsoft.Extensions.Options",
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.Http",
        "Microsoft.Extensions.Diagnostics",
        "Microsoft.Extensions.FileProviders",
        "Microsoft.Extensions.DependencyInjection",
        "OpenTelemetry",
    ];

    private static readonly Type[] s_opaque =
    [
        typeof(Type),
        typeof(SynchronizationContext),
        typeof(TaskScheduler),
        typeof(Encoding),
        typeof(Regex),
        typeof(TimeZoneInfo),
        typeof(WeakReference),
        typeof(Lock),
        typeof(System.Diagnostics.Activity),
        typeof(System.Diagnostics.ActivitySource),
        typeof(System.Diagnostics.DiagnosticListener),
        typeof(System.Runtime.InteropServices.SafeHandle),
        typeof(Kernel),
        typeof(VirtualTime),
        typeof(ActivityRecorder),
        typeof(ReplayContext),
        typeof(TimeProvider),
        typeof(IEqualityComparer),
        typeof(WaitHandle),
    ];

    /// <summary>The walker of a type that is not walked field by field; null for one that is.</summary>
    public static Action<object, HeapWalk>? WalkerOf(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return WalkDelegate;
        if (typeof(Exception).IsAssignableFrom(type))
            return WalkException;
        if (typeof(Task).IsAssignableFrom(type))
            return TaskWalker.Of(type);
        if (typeof(Type).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type))
            return WalkMember;
        if (TextOf(type) is { } text)
            return (value, walk) => walk.Add(text(value));
        if (ContainerWalker.Of(type) is { } container)
            return container;
        if (type == typeof(BoundaryCall))
            return (value, walk) => walk.Add(((BoundaryCall)value).Label);
        var timers = RuntimeParts.Current.Timers;
        if (type.FullName == timers.TimerType)
            return TypePlan.Compile(type, TypePlan.FieldsOf(type).Where(f => f.Name == timers.Callback || f.Name == timers.State));
        return IsOpaque(type) ? Nothing : CollectionWalkerOf(type);
    }

    /// <summary>What stands for a value whose content is text; null for other types.</summary>
    public static Func<object, string?>? TextOf(Type type)
    {
        if (type == typeof(JsonElement))
            return static value => ((JsonElement)value).ValueKind == JsonValueKind.Undefined ? null : ((JsonElement)value).GetRawText();
        if (typeof(System.Text.Json.Nodes.JsonNode).IsAssignableFrom(type))
            return static value => ((System.Text.Json.Nodes.JsonNode)value).ToJsonString();
        if (type == typeof(decimal))
            return static value => ((decimal)value).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (type == typeof(StringBuilder))
            return static value => value.ToString();
        if (type == typeof(Uri))
            return static value => ((Uri)value).OriginalString;
        return null;
    }

    public static bool IsNoise(FieldInfo field) => RuntimeParts.Current.Noise.Contains($"{field.DeclaringType!.Name}.{field.Name}");

    private static bool IsOpaque(Type type)
    {
        if (type.FullName == "System.Threading.Thread" || s_opaque.Any(o => o.IsAssignableFrom(type)))
            return true;
        if (
            type.Namespace is { } space
            && s_opaqueNamespaces.Any(n =>
                space.StartsWith(n, StringComparison.Ordinal) && (space.Length == n.Length || space[n.Length] == '.')
            )
        )
            return true;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(AsyncLocal<>))
            return true;
        // Of the harness itself only what leads to the agent's objects: closures and state machines, its own tools, armed timers.
        return HarnessCode.Owns(type.Assembly)
            && !type.Name.Contains('<', StringComparison.Ordinal)
            && type != typeof(ObservedTool)
            && type != typeof(VirtualTimer)
            && !typeof(Operation).IsAssignableFrom(type);
    }

    private static Action<object, HeapWalk>? CollectionWalkerOf(Type type)
    {
        if (type.IsArray)
            return type.GetElementType()!.IsPrimitive ? WalkPrimitives : WalkItems;
        if (!type.IsGenericType)
            return null;
        var definition = type.GetGenericTypeDefinition();
        // The order of enumeration is visible to the agent, so it stays a part of the state.
        return
            definition == typeof(List<>)
            || definition == typeof(Dictionary<,>)
            || definition == typeof(HashSet<>)
            || definition == typeof(Queue<>)
            || definition == typeof(Stack<>)
            || definition == typeof(ConcurrentDictionary<,>)
            || definition == typeof(ConcurrentQueue<>)
            || definition == typeof(ConcurrentBag<>)
            || definition == typeof(ConcurrentStack<>)
            ? WalkItems
            : null;
    }

    private static void Nothing(object value, HeapWalk walk) { }

    private static void WalkItems(object value, HeapWalk walk)
    {
        foreach (var item in (IEnumerable)value)
        {
            walk.Add(1UL);
            if (item is null || !item.GetType().IsValueType)
                walk.Visit(item);
            else
                Inline(item, walk);
        }
    }

    // A boxed copy has no identity of its own.
    private static void Inline(object item, HeapWalk walk)
    {
        var plan = TypePlan.Of(item.GetType());
        walk.Add((ulong)plan.Number);
        plan.Walk(item, walk);
    }

    private static void WalkPrimitives(object value, HeapWalk walk)
    {
        var array = (Array)value;
        var bytes = new byte[Buffer.ByteLength(array)];
        Buffer.BlockCopy(array, 0, bytes, 0, bytes.Length);
        walk.Add((ulong)bytes.Length);
        foreach (var b in bytes)
            walk.Add(b);
    }

    private static void WalkDelegate(object value, HeapWalk walk)
    {
        foreach (var one in ((Delegate)value).GetInvocationList())
        {
            WalkMember(one.Method, walk);
            walk.Visit(one.Target);
        }
    }

    private static void WalkMember(object value, HeapWalk walk)
    {
        var member = (MemberInfo)value;
        walk.Add(member.Name);
        walk.Add(member.Module.Name);
        if (!member.Module.Assembly.IsDynamic && member is not MethodInfo { IsGenericMethod: true })
            walk.Add((ulong)member.MetadataToken);
    }

    private static void WalkException(object value, HeapWalk walk)
    {
        var exception = (Exception)value;
        walk.Add(exception.Message);
        walk.Visit(exception.InnerException);
    }
}
