using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>
/// Methods that the runtime runs under a lock on their object or type (<c>MethodImplOptions.Synchronized</c>): they get a
/// <c>lock</c> of their own instead, which is seen as any other.
/// </summary>
internal static class SynchronizedMethods
{
    /// <summary>Puts the body of such a method into a lock; leaves every other as it is.</summary>
    public static void Open(MethodDefinition method)
    {
        if (!method.IsSynchronized || (!method.IsStatic && method.DeclaringType.IsValueType))
            return;
        method.IsSynchronized = false;
        var body = method.Body;
        body.SimplifyMacros();
        var module = method.Module;
        var result = method.ReturnType.MetadataType == MetadataType.Void ? null : new VariableDefinition(method.ReturnType);
        var il = body.GetILProcessor();
        Instruction end = result is null ? Instruction.Create(OpCodes.Ret) : Instruction.Create(OpCodes.Ldloc, result);
        foreach (var ret in body.Instructions.Where(i => i.OpCode.Code == Code.Ret).ToArray())
            Leave(ret);
        var first = body.Instructions[0];
        foreach (var instruction in (Instruction[])[.. Gate(), Call(nameof(ControlledLocks.Enter))])
            il.InsertBefore(first, instruction);
        Instruction[] handler = [.. Gate(), Call(nameof(ControlledLocks.Exit)), Instruction.Create(OpCodes.Endfinally)];
        foreach (var instruction in handler)
            il.Append(instruction);
        il.Append(end);
        if (result is not null)
        {
            body.Variables.Add(result);
            il.Append(Instruction.Create(OpCodes.Ret));
        }
        body.ExceptionHandlers.Add(
            new(ExceptionHandlerType.Finally)
            {
                TryStart = first,
                TryEnd = handler[0],
                HandlerStart = handler[0],
                HandlerEnd = end,
            }
        );

        // Jumps to the end of the method go on to here.
        void Leave(Instruction ret)
        {
            if (result is null)
            {
                (ret.OpCode, ret.Operand) = (OpCodes.Leave, end);
                return;
            }
            (ret.OpCode, ret.Operand) = (OpCodes.Stloc, result);
            il.InsertAfter(ret, Instruction.Create(OpCodes.Leave, end));
        }

        Instruction[] Gate() =>
            method.IsStatic
                ?
                [
                    Instruction.Create(OpCodes.Ldtoken, Generics.Self(method.DeclaringType)),
                    Instruction.Create(OpCodes.Call, module.ImportReference(typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle)))),
                ]
                : [Instruction.Create(OpCodes.Ldarg, body.ThisParameter)];

        Instruction Call(string name) =>
            Instruction.Create(OpCodes.Call, module.ImportReference(typeof(ControlledLocks).GetMethod(name, [typeof(object)])));
    }
}
