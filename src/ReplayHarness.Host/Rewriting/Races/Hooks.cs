using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>The hooks, as a module calls them.</summary>
internal sealed class Hooks(ModuleDefinition module)
{
    private readonly Dictionary<string, MethodReference> _hooks = new(StringComparer.Ordinal);

    public ModuleDefinition Module => module;

    /// <summary>A call of a hook.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">The arguments of a generic one.</param>
    public Instruction Call(string name, params IReadOnlyList<TypeReference> arguments) =>
        Instruction.Create(OpCodes.Call, Of(typeof(RaceHooks), name, arguments));

    /// <summary>A static method of the host's.</summary>
    /// <param name="type">Whose it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">The arguments of a generic one.</param>
    public MethodReference Of(Type type, string name, params IReadOnlyList<TypeReference> arguments)
    {
        var key = $"{type.Name}.{name}`{arguments.Count}";
        if (!_hooks.TryGetValue(key, out var hook))
            _hooks.Add(
                key,
                hook = module.ImportReference(
                    type.GetMethods().Single(m => m.Name == name && m.GetGenericArguments().Length == arguments.Count)
                )
            );
        if (arguments.Count == 0)
            return hook;
        var generic = new GenericInstanceMethod(hook);
        foreach (var argument in arguments)
            generic.GenericArguments.Add(argument);
        return generic;
    }
}
