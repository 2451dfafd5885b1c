using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>
/// The order within an async method: what it does after an await comes after what it did before, whoever goes on with it. Its state machine
/// gets a field that keeps what it knew.
/// </summary>
internal sealed class AsyncOrder
{
    private const string Field = "<>races";

    private readonly Hooks _hooks;
    private readonly FieldReference _kept;
    private readonly FieldReference? _builder;

    public AsyncOrder(TypeDefinition machine, Hooks hooks)
    {
        _hooks = hooks;
        machine.Fields.Add(new FieldDefinition(Field, FieldAttributes.Public, hooks.Module.TypeSystem.Object));
        var self = Generics.Self(machine);
        _kept = new FieldReference(Field, hooks.Module.TypeSystem.Object, self);
        _builder = machine.Fields.FirstOrDefault(f => f.FieldType.Name is "AsyncTaskMethodBuilder" or "AsyncTaskMethodBuilder`1")
            is { } builder
            ? new FieldReference(builder.Name, builder.FieldType, self)
            : null;
    }

    /// <summary>The method begins, or goes on.</summary>
    public void Begin(MethodEditor editor) =>
        editor.AtStart(
            Instruction.Create(OpCodes.Ldarg, editor.Method.Body.ThisParameter),
            Instruction.Create(OpCodes.Ldfld, _kept),
            _hooks.Call(nameof(RaceHooks.Continue))
        );

    /// <summary>A call of its builder: it waits, or ends.</summary>
    public void Call(MethodEditor editor, Instruction at, MethodReference called)
    {
        if (called.DeclaringType.Namespace != "System.Runtime.CompilerServices")
            return;
        if (called.Name is "AwaitUnsafeOnCompleted" or "AwaitOnCompleted")
            editor.Before(
                at,
                Instruction.Create(OpCodes.Ldarg, editor.Method.Body.ThisParameter),
                _hooks.Call(nameof(RaceHooks.Suspend)),
                Instruction.Create(OpCodes.Stfld, _kept)
            );
        else if (called.Name is "SetResult" or "SetException" && called.DeclaringType.Name == _builder?.FieldType.Name)
            editor.Before(
                at,
                Instruction.Create(OpCodes.Ldarg, editor.Method.Body.ThisParameter),
                Instruction.Create(OpCodes.Ldfld, _kept),
                Instruction.Create(OpCodes.Ldarg, editor.Method.Body.ThisParameter),
                Instruction.Create(OpCodes.Ldflda, _builder),
                _builder.FieldType is GenericInstanceType { GenericArguments: [var result] }
                    ? _hooks.Call(nameof(RaceHooks.End), result)
                    : _hooks.Call(nameof(RaceHooks.End))
            );
    }
}
