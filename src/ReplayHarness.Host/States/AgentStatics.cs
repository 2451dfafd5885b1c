using System.Reflection;
using System.Runtime.CompilerServices;

namespace ReplayHarness.Host.States;

/// <summary>The static fields of the agent's own assemblies: state that no object holds, and that survives a schedule.</summary>
internal sealed class AgentStatics
{
    private readonly FieldInfo[] _fields;

    private AgentStatics(FieldInfo[] fields) => _fields = fields;

    /// <summary>The mutable statics of assemblies. Types whose initialiser fails are left out: the agent cannot use them either.</summary>
    public static AgentStatics Of(IEnumerable<Assembly> assemblies, Func<Type, bool>? only = null) =>
        new([
            .. assemblies
                .SelectMany(TypesOf)
                .Where(t => !t.ContainsGenericParameters && !IsGenerated(t) && only?.Invoke(t) != false)
                .SelectMany(FieldsOf),
        ]);

    public void Visit(HeapWalk walk)
    {
        foreach (var field in _fields)
            walk.Visit(Read(field));
    }

    /// <summary>Each field with a hash of what it holds.</summary>
    public Dictionary<string, UInt128> Snapshot()
    {
        var walk = new HeapWalk();
        var snapshot = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        foreach (var field in _fields)
        {
            walk.Begin();
            walk.Visit(Read(field));
            snapshot[$"{field.DeclaringType!.FullName}.{field.Name}"] = walk.Finish();
        }
        return snapshot;
    }

    private static Type[] TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return [.. e.Types.OfType<Type>()];
        }
    }

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || type.Name.StartsWith('<');

    private static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(f =>
                !f.IsLiteral
                && !(f.IsInitOnly && IsImmutable(f.FieldType))
                && !f.IsDefined(typeof(ThreadStaticAttribute), inherit: false)
                && !f.FieldType.IsPointer
                && !f.FieldType.IsByRefLike
            );

    private static bool IsImmutable(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || typeof(Delegate).IsAssignableFrom(type);

    private static object? Read(FieldInfo field)
    {
        try
        {
            return field.GetValue(null);
        }
        catch (TypeInitializationException)
        {
            return null;
        }
    }
}
