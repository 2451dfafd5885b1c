using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Host.States;

/// <summary>
/// Types whose fields are not their state: collections with versions, caches and spare room; tasks; exceptions with stacks; texts. To take
/// too much into the hash costs merging; to take too little is unsound, and the audit of every merged exploration looks for it.
/// </summary>
internal static class SpecialTypes
{
    /// <summary>The walker of a type that is not walked field by field; null for one that is.</summary>
    public static Action<object, HeapWalk>? WalkerOf(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return WalkDelegate;
        if (typeof(Exception).IsAssignableFrom(type))
            return ExceptionWalkerOf(type);
        if (typeof(Task).IsAssignableFrom(type))
            return TaskWalker.Of(type);
        if (typeof(MemberInfo).IsAssignableFrom(type))
            return WalkMember;
        if (typeof(WeakReference).IsAssignableFrom(type))
            return static (value, walk) => walk.Visit(((WeakReference)value).Target);
        if (TextOf(type) is { } text)
            return (value, walk) => walk.Add(text(value));
        if (ContainerWalker.Of(type) is { } container)
            return container;
        if (type == typeof(BoundaryCall))
            return (value, walk) => walk.Add(((BoundaryCall)value).Label);
        var timers = RuntimeParts.Current.Timers;
        if (type.FullName == timers.TimerType)
            return TypePlan.Compile(type, TypePlan.FieldsOf(type).Where(f => f.Name == timers.Callback || f.Name == timers.State));
        return TypeTable.Of(type) switch
        {
            (Share.Unknown, var why) => (_, walk) => walk.Refuse(type, why),
            (Share.Irrelevant, _) => Nothing,
            _ => CollectionWalkerOf(type),
        };
    }

    /// <summary>What stands for a value whose content is text; null for other types.</summary>
    public static Func<object, string?>? TextOf(Type type)
    {
        if (type == typeof(JsonElement))
            return static value => ((JsonElement)value).ValueKind == JsonValueKind.Undefined ? null : ((JsonElement)value).GetRawText();
        if (type == typeof(JsonDocument))
            return static value => TextOf((JsonDocument)value);
        if (type == typeof(CultureInfo))
            return static value => CultureText.Of((CultureInfo)value);
        if (type == typeof(NumberFormatInfo))
            return static value => CultureText.Of((NumberFormatInfo)value);
        if (type == typeof(DateTimeFormatInfo))
            return static value => CultureText.Of((DateTimeFormatInfo)value);
        if (typeof(System.Text.Json.Nodes.JsonNode).IsAssignableFrom(type))
            return static value => ((System.Text.Json.Nodes.JsonNode)value).ToJsonString();
        if (type == typeof(decimal))
            return static value => ((decimal)value).ToString(CultureInfo.InvariantCulture);
        if (type == typeof(StringBuilder))
            return static value => value.ToString();
        if (type == typeof(Uri))
            return static value => ((Uri)value).OriginalString;
        return null;
    }

    private static string? TextOf(JsonDocument document)
    {
        try
        {
            return document.RootElement.GetRawText();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    public static bool IsNoise(FieldInfo field) => RuntimeParts.Current.Noise.Contains($"{field.DeclaringType!.Name}.{field.Name}");

    private static Action<object, HeapWalk>? CollectionWalkerOf(Type type)
    {
        if (type.IsArray)
            return type.GetElementType()!.IsPrimitive ? WalkPrimitives : WalkItems;
        if (!type.IsGenericType)
            return null;
        var definition = type.GetGenericTypeDefinition();
        // The order of enumeration is visible to the agent, so it stays a part of the state.
        return definition == typeof(List<>)
            || definition == typeof(Dictionary<,>)
            || definition == typeof(HashSet<>)
            || definition == typeof(Queue<>)
            || definition == typeof(Stack<>)
            || definition == typeof(ConcurrentDictionary<,>)
            || definition == typeof(ConcurrentQueue<>)
            || definition == typeof(ConcurrentBag<>)
            || definition == typeof(ConcurrentStack<>)
            || definition == typeof(ConditionalWeakTable<,>)
                ? WalkItems
            : definition == typeof(WeakReference<>) ? WalkTarget
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

    // The collector may take the target at any time, so that it is reached by other ways wherever it counts.
    private static void WalkTarget(object value, HeapWalk walk)
    {
        object?[] target = [null];
        value.GetType().GetMethod(nameof(WeakReference<>.TryGetTarget))!.Invoke(value, target);
        walk.Visit(target[0]);
    }

    private static void WalkDelegate(object value, HeapWalk walk)
    {
        foreach (var one in ((Delegate)value).GetInvocationList())
        {
            WalkMember(one.Method, walk);
            walk.Visit(one.Target);
        }
    }

    // With the arguments of generic types and methods: they choose what runs.
    private static void WalkMember(object value, HeapWalk walk)
    {
        var member = (MemberInfo)value;
        walk.Add(
            member is Type type ? NameOf(type)
            : member.DeclaringType is { } declaring ? NameOf(declaring)
            : null
        );
        walk.Add(member.Name);
        walk.Add(member.Module.Name);
        if (!member.Module.Assembly.IsDynamic && !(member is Type { HasElementType: true } or Type { IsGenericParameter: true }))
            walk.Add((ulong)member.MetadataToken);
        if (member is MethodInfo { IsGenericMethod: true } method)
            foreach (var argument in method.GetGenericArguments())
                walk.Add(NameOf(argument));
    }

    private static string NameOf(Type type) => type.AssemblyQualifiedName ?? type.ToString();

    // What its type and its bases below Exception add; where it was thrown does not count.
    private static Action<object, HeapWalk> ExceptionWalkerOf(Type type)
    {
        var own = TypePlan.Compile(type, TypePlan.FieldsOf(type).Where(f => f.DeclaringType != typeof(Exception)));
        return (value, walk) =>
        {
            var exception = (Exception)value;
            walk.Add(exception.Message);
            walk.Add((long)exception.HResult);
            walk.Visit(exception.InnerException);
            foreach (DictionaryEntry entry in exception.Data)
            {
                walk.Visit(entry.Key);
                walk.Visit(entry.Value);
            }
            own(value, walk);
        };
    }
}
