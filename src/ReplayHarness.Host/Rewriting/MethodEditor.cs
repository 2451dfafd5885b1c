using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace ReplayHarness.Host.Rewriting;

/// <summary>Puts code before and after instructions of a method; jumps to an instruction then come by what stands before it.</summary>
/// <param name="method">The method.</param>
internal sealed class MethodEditor(MethodDefinition method)
{
    private readonly Dictionary<Instruction, Instruction> _first = [];
    private readonly ILProcessor _il = method.Body.GetILProcessor();
    private bool _isOpen;

    public MethodDefinition Method => method;

    /// <summary>How often something was put in.</summary>
    public int Changes { get; private set; }

    /// <summary>
    /// Gives every instruction its long form, and each kind just one: with more between them, a short jump may not reach. The first change
    /// does so by itself.
    /// </summary>
    public void Open()
    {
        if (_isOpen)
            return;
        _isOpen = true;
        method.Body.SimplifyMacros();
    }

    /// <summary>A new local variable.</summary>
    public VariableDefinition Local(TypeReference type)
    {
        var local = new VariableDefinition(type);
        Method.Body.Variables.Add(local);
        return local;
    }

    /// <summary>Puts code before an instruction, behind what was put there before.</summary>
    public void Before(Instruction at, params IReadOnlyList<Instruction> code)
    {
        Open();
        // What a prefix says holds for the instruction behind it.
        while (at.Previous is { OpCode.OpCodeType: OpCodeType.Prefix } prefix)
            at = prefix;
        foreach (var instruction in code)
            _il.InsertBefore(at, instruction);
        _first.TryAdd(at, code[0]);
        Changes++;
    }

    /// <summary>Puts code behind an instruction, before what was put there before.</summary>
    public void After(Instruction at, params IReadOnlyList<Instruction> code)
    {
        Open();
        foreach (var instruction in code)
        {
            _il.InsertAfter(at, instruction);
            at = instruction;
        }
        Changes++;
    }

    /// <summary>Puts code at the start of the method.</summary>
    public void AtStart(params IReadOnlyList<Instruction> code)
    {
        Open();
        var first = Method.Body.Instructions[0];
        foreach (var instruction in code)
            _il.InsertBefore(first, instruction);
        Changes++;
    }

    /// <summary>Ends the change.</summary>
    public void Close()
    {
        if (!_isOpen)
            return;
        Retarget();
        Method.Body.OptimizeMacros();
    }

    private void Retarget()
    {
        foreach (var jump in Method.Body.Instructions)
            if (jump.Operand is Instruction target)
                jump.Operand = FirstOf(target);
            else if (jump.Operand is Instruction[] targets)
                jump.Operand = targets.Select(t => FirstOf(t)!).ToArray();
        foreach (var clause in Method.Body.ExceptionHandlers)
        {
            clause.TryStart = FirstOf(clause.TryStart);
            clause.TryEnd = FirstOf(clause.TryEnd);
            clause.FilterStart = FirstOf(clause.FilterStart);
            clause.HandlerStart = FirstOf(clause.HandlerStart);
            clause.HandlerEnd = FirstOf(clause.HandlerEnd);
        }
    }

    private Instruction? FirstOf(Instruction? at) => at is not null && _first.TryGetValue(at, out var first) ? first : at;
}
