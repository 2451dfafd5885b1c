using Mono.Cecil;

namespace ReplayHarness.Evidence;

/// <summary>
/// The assemblies of the agent's team that its code can reach: those that it names, and what they refer to. Code that finds code by its
/// name at run time may reach all.
/// </summary>
internal sealed class ReachedAssemblies
{
    private static readonly HashSet<(string, string)> s_byName =
    [
        ("System.Type", "GetType"),
        ("System.Activator", "CreateInstance"),
        ("System.Activator", "CreateInstanceFrom"),
        ("System.AppDomain", "GetAssemblies"),
        ("System.Reflection.Assembly", "Load"),
        ("System.Reflection.Assembly", "LoadFrom"),
        ("System.Reflection.Assembly", "LoadFile"),
        ("System.Reflection.Assembly", "GetReferencedAssemblies"),
        ("System.Runtime.Loader.AssemblyLoadContext", "LoadFromAssemblyName"),
        ("System.Runtime.Loader.AssemblyLoadContext", "LoadFromAssemblyPath"),
    ];

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private bool _mayBeAny;

    /// <summary>Adds what types reach.</summary>
    public void Add(IEnumerable<TypeDefinition> types)
    {
        foreach (var type in types)
        {
            _names.UnionWith(ReachedTypes.AssembliesOf(type));
            _mayBeAny |= AgentHash
                .Methods(type)
                .Where(m => m.HasBody)
                .SelectMany(m => m.Body.Instructions)
                .Any(i => FindsByName(i.Operand));
        }
    }

    /// <summary>Those of some files that are reached, in their order.</summary>
    public IEnumerable<string> Among(IReadOnlyList<string> files)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(_names);
        while (!_mayBeAny && open.TryPop(out var name))
        {
            if (files.FirstOrDefault(f => Is(f, name)) is not { } file || !reached.Add(file))
                continue;
            using var module = ModuleDefinition.ReadModule(file);
            Add(module.Types);
            foreach (var reference in module.AssemblyReferences)
                open.Push(reference.Name);
        }
        return files.Where(f => _mayBeAny || reached.Contains(f));
    }

    private static bool Is(string file, string name) =>
        Path.GetFileNameWithoutExtension(file).Equals(name, StringComparison.OrdinalIgnoreCase);

    // Of a type that is named, too, an object may be made by reflection: that reaches no other assembly.
    private static bool FindsByName(object? operand) =>
        operand
            is MethodReference
            {
                Parameters: [{ ParameterType.FullName: "System.String" or "System.Reflection.AssemblyName" }, ..] or []
            } called
        && (called.Name is "GetAssemblies" or "GetReferencedAssemblies" || called.Parameters.Count > 0)
        && s_byName.Contains((called.DeclaringType.FullName, called.Name));
}
