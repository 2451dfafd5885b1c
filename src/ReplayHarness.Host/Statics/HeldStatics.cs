using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using ReplayHarness.Host.States;

namespace ReplayHarness.Host.Statics;

/// <summary>The static fields of one type in one schedule.</summary>
/// <param name="holder">The object that holds them.</param>
/// <param name="thread">The thread whose fields they are; 0 where they are everybody's.</param>
internal sealed class HeldStatics(object holder, int thread)
{
    private static readonly Dictionary<Type, Shape> s_shapes = [];

    private readonly Shape _shape = ShapeOf(holder.GetType());

    /// <summary>Tells the type from all others of this process.</summary>
    public string Name => _shape.Name;

    public int Thread => thread;

    public static string NameOf(Type type) => ShapeOf(type).Name;

    /// <summary>Adds them to the hash of a state, whatever the walk thinks of the type that had them.</summary>
    public void Visit(HeapWalk walk)
    {
        if (_shape.IsOfClients)
            return;
        walk.Add(Name);
        walk.Add((ulong)thread);
        _shape.Walk(holder, walk);
    }

    /// <summary>The runtime keeps lists of sources and meters: they would get longer with each schedule.</summary>
    public void GiveBack()
    {
        foreach (var field in _shape.Listed)
            (field.GetValue(holder) as IDisposable)?.Dispose();
    }

    private static Shape ShapeOf(Type type)
    {
        lock (s_shapes)
        {
            if (!s_shapes.TryGetValue(type, out var shape))
                s_shapes.Add(type, shape = new(type));
            return shape;
        }
    }

    // What the holders of a type have in common.
    private sealed class Shape(Type type)
    {
        private Action<object, HeapWalk>? _walk;

        public string Name { get; } = $"{type}, {type.Assembly.GetName().Name}";

        // The client that all clients of OpenAI share: what it does for the agent is reached from there. It begins anew all the same, or it
        // would know of the requests of every schedule that was broken off.
        public bool IsOfClients { get; } = type.Assembly.GetName().Name is "System.ClientModel";

        // Only what is hashed needs a plan.
        public Action<object, HeapWalk> Walk => _walk ??= TypePlan.Compile(type, TypePlan.FieldsOf(type));

        public FieldInfo[] Listed { get; } =
        [.. type.GetFields().Where(f => !f.IsStatic && (f.FieldType == typeof(ActivitySource) || f.FieldType == typeof(Meter)))];
    }
}
