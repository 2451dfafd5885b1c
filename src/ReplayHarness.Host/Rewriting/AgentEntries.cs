using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// The methods of an agent's assembly that code of others can call: delegates are made of them, or they override or implement something.
/// Each asks, when it begins, on whose thread it is. One that calls others of the assembly, and so perhaps itself, asks how deep the
/// stack is.
/// </summary>
/// <param name="module">The assembly.</param>
internal sealed class AgentEntries(ModuleDefinition module)
{
    private readonly MethodReference _check = module.ImportReference(typeof(Uncontrolled).GetMethod(nameof(Uncontrolled.CheckThread)));
    private readonly MethodReference _checkStack = module.ImportReference(
        typeof(ControlledProcess).GetMethod(nameof(ControlledProcess.CheckStack))
    );
    private readonly HashSet<MethodReference> _ofDelegates =
    [
        .. module
            .GetTypes()
            .SelectMany(t => t.Methods)
            .Where(m => m.HasBody)
            .SelectMany(m => m.Body.Instructions)
            .Where(i => i.OpCode.Code is Code.Ldftn or Code.Ldvirtftn)
            .Select(i => (MethodReference)i.Operand)
            .Where(m => m.DeclaringType.Scope == module)
            .Select(m => m.Resolve())
            .OfType<MethodDefinition>(),
    ];

    /// <summary>Marks the assembly as the agent's.</summary>
    public int MarkAssembly()
    {
        var mark = module.ImportReference(typeof(OfAgentAttribute).GetConstructor([]));
        module.Assembly.CustomAttributes.Add(new(mark));
        return 1;
    }

    /// <summary>Has a method ask, where others can call it.</summary>
    public int Check(MethodDefinition method)
    {
        var begin = method.Body.Instructions;
        var before = begin.Count;
        if (begin.Any(i => i.Operand is MethodReference called && called.DeclaringType.Scope == module))
            begin.Insert(0, Instruction.Create(OpCodes.Call, _checkStack));
        if (method.IsVirtual || _ofDelegates.Contains(method))
            begin.Insert(0, Instruction.Create(OpCodes.Call, _check));
        return begin.Count - before;
    }
}
