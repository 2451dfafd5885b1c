using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>
/// Has the code of an assembly of the agent's team say what it does between two awaits: which variables it reads and writes, which objects
/// it calls into, and what it waits for.
/// </summary>
/// <param name="module">The assembly.</param>
/// <param name="places">Numbers the places.</param>
internal sealed class RaceRewriter(ModuleDefinition module, Places places)
{
    private const string Generated = "CompilerGeneratedAttribute";

    private readonly Hooks _hooks = new(module);
    private readonly Dictionary<TypeDefinition, AsyncOrder?> _machines = [];

    /// <summary>Rewrites a method; how often something was put in.</summary>
    public int Rewrite(MethodDefinition method)
    {
        // The compiler's own: reads, and exchanges where nobody has come between.
        if (method is { IsAddOn: true } or { IsRemoveOn: true } && method.CustomAttributes.Any(a => a.AttributeType.Name == Generated))
            return 0;
        SynchronizedMethods.Open(method);
        var editor = new MethodEditor(method);
        editor.Open();
        var points = new SourcePoints(method);
        var variables = new VariableAccesses(editor, _hooks, places, points);
        var calls = new WatchedCalls(editor, _hooks, places, points);
        var order = method.Name == "MoveNext" ? MachineOf(method.DeclaringType) : null;
        foreach (var instruction in method.Body.Instructions.ToArray())
        {
            points.MoveTo(instruction);
            if (instruction.Operand is FieldReference field)
                variables.Field(instruction, field);
            else if (instruction.Operand is MethodReference called)
            {
                order?.Call(editor, instruction, called);
                if (called.DeclaringType is ArrayType array)
                    variables.Cell(instruction, called, array);
                else
                    calls.Call(instruction, called);
            }
            else if (instruction.OpCode.Code == Code.Isinst && IsCancellation(instruction.Operand as TypeReference))
                editor.After(instruction, _hooks.Call(nameof(RaceHooks.HearCancelled)));
            else
                variables.Element(instruction);
        }
        // Who catches that something was cancelled knows what came before.
        foreach (var clause in method.Body.ExceptionHandlers.Where(c => IsCancellation(c.CatchType)))
            editor.Before(clause.HandlerStart, _hooks.Call(nameof(RaceHooks.HearCancelled)));
        variables.EndOfInitialiser();
        order?.Begin(editor);
        editor.Close();
        return editor.Changes;
    }

    private static bool IsCancellation(TypeReference? type) =>
        type is { FullName: "System.OperationCanceledException" or "System.Threading.Tasks.TaskCanceledException" };

    private AsyncOrder? MachineOf(TypeDefinition type)
    {
        if (!_machines.TryGetValue(type, out var order))
            _machines.Add(type, order = CodeShapes.IsStateMachine(type) ? new AsyncOrder(type, _hooks) : null);
        return order;
    }
}

/// <summary>Which line of the source an instruction belongs to.</summary>
internal sealed class SourcePoints(MethodDefinition method)
{
    private readonly Dictionary<int, SequencePoint> _starts = method
        .DebugInformation.SequencePoints.Where(p => !p.IsHidden)
        .GroupBy(p => p.Offset)
        .ToDictionary(p => p.Key, p => p.First());

    private bool _hasBegun;

    /// <summary>The line; null where no symbols tell.</summary>
    public SequencePoint? Current { get; private set; }

    /// <summary>The next instruction, in order. What was put in has no offset, and belongs to the line around it.</summary>
    public void MoveTo(Instruction instruction)
    {
        if ((instruction.Offset > 0 || !_hasBegun) && _starts.TryGetValue(instruction.Offset, out var point))
            Current = point;
        _hasBegun = true;
    }
}

/// <summary>What of the code the compiler made.</summary>
internal static class CodeShapes
{
    private const string Space = "System.Runtime.CompilerServices";

    /// <summary>True for the state machine of an async method.</summary>
    public static bool IsStateMachine(TypeDefinition type) =>
        type.Interfaces.Any(i => i.InterfaceType is { Namespace: Space, Name: "IAsyncStateMachine" });

    /// <summary>True for an iterator, which one chain of calls owns.</summary>
    public static bool IsIterator(TypeDefinition type) =>
        type.Name.StartsWith('<') && type.Interfaces.Any(i => i.InterfaceType.Name is "IEnumerator" or "IAsyncEnumerator`1");
}
