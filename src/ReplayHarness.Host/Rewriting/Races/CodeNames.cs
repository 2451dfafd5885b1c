using Mono.Cecil;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>
/// Names of code as a person wrote it, where the compiler gave others. A type goes by its simple name, and by its full one where the
/// assembly has two of that name.
/// </summary>
internal sealed class CodeNames
{
    private readonly Dictionary<ModuleDefinition, HashSet<string>> _shared = [];

    /// <summary><c>Desk.RunAsync</c>, also for its state machine and its lambdas.</summary>
    public string Of(MethodDefinition method)
    {
        var type = method.DeclaringType;
        var name = method.Name == "MoveNext" && IsMade(type.Name) ? Inner(type.Name) : Inner(method.Name);
        while (type.DeclaringType is { } outer && IsMade(type.Name))
            type = outer;
        return name.Contains("ctor", StringComparison.Ordinal) ? Of(type) : $"{Of(type)}.{name}";
    }

    /// <summary><c>SemaphoreSlim.Wait</c>; for what stands in for a lock, <c>a lock</c>.</summary>
    public static string Of(MethodReference called) =>
        called.DeclaringType.Name == nameof(ControlledLocks) ? "a lock" : $"{Plain(called.DeclaringType.Name)}.{called.Name}";

    /// <summary><c>Desk._notes</c>; for a captured variable, <c>notes of Desk.RunAsync</c>.</summary>
    public string Of(FieldDefinition field)
    {
        var name = Inner(field.Name);
        var type = field.DeclaringType;
        if (!IsMade(type.Name))
            return $"{Of(type)}.{name}";
        while (type.DeclaringType is { } outer && IsMade(type.Name))
            type = outer;
        return $"{name}, a captured variable of {Of(type)}";
    }

    private string Of(TypeDefinition type)
    {
        if (!_shared.TryGetValue(type.Module, out var shared))
            _shared.Add(type.Module, shared = SharedIn(type.Module));
        var name = Plain(type.Name);
        return !shared.Contains(name) ? name : type.FullName.Replace('/', '.');
    }

    private static HashSet<string> SharedIn(ModuleDefinition module) =>
        module
            .GetTypes()
            .Select(t => Plain(t.Name))
            .CountBy(n => n)
            .Where(n => n.Value > 1)
            .Select(n => n.Key)
            .ToHashSet(StringComparer.Ordinal);

    private static bool IsMade(string name) => name.StartsWith('<');

    private static string Plain(string name) => name.Split('`')[0];

    // <LoopAsync>d__3 is LoopAsync, <Of>b__0 a lambda in Of, <Total>k__BackingField the property Total.
    private static string Inner(string name)
    {
        while (name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end)
            name = name[1..end];
        return name.TrimStart('<');
    }
}
