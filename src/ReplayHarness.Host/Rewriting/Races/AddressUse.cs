using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>What is done with a variable.</summary>
internal enum Use
{
    None,
    Read,
    Write,
    AtomicRead = 10 + AtomicKind.Read,
    AtomicWrite = 10 + AtomicKind.Write,
    AtomicExchange = 10 + AtomicKind.Exchange,
}

/// <summary>Who uses an address that was loaded, followed over the evaluation stack up to the next jump.</summary>
internal static class AddressUse
{
    private static readonly HashSet<string> s_ofObjects = new(StringComparer.Ordinal)
    {
        "ToString",
        "Equals",
        "GetHashCode",
        "CompareTo",
        "GetValueOrDefault",
        "ConfigureAwait",
        "GetAwaiter",
    };

    /// <summary>What is done through the address that an instruction loads; <see cref="Use.None"/> where that cannot be told.</summary>
    /// <param name="load">The instruction.</param>
    /// <param name="store">
    /// Where it is first read and then written: the instruction that writes. Of an atomic access: the call that makes it. Else null.
    /// </param>
    public static Use Of(Instruction load, out Instruction? store)
    {
        store = null;
        var above = 0;
        var isRead = false;
        for (var i = load.Next; i is not null; i = i.Next)
        {
            if (i.OpCode.OpCodeType == OpCodeType.Prefix || i.OpCode.Code == Code.Nop)
                continue;
            if (i.OpCode.Code == Code.Dup && above == 0)
            {
                // Read first, then written through the other copy: what is done last tells.
                (above, isRead) = (1, true);
                continue;
            }
            var (pops, pushes) = Effect(i);
            if (pops < 0)
                return Use.None;
            if (pops > above && i.OpCode.Code == Code.Ldflda && !isRead)
                return Of(i, out store);
            if (pops > above)
            {
                var use = By(i, above, pops);
                store = (isRead && use == Use.Write) || use >= Use.AtomicRead ? i : null;
                return isRead && use == Use.Read ? Use.Write : use;
            }
            above += pushes - pops;
            if (i.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
                return Use.None;
        }
        return Use.None;
    }

    private static Use By(Instruction i, int above, int pops)
    {
        if (i.OpCode.Code == Code.Ldflda)
            return Of(i, out _);
        if (i.OpCode.Code is Code.Stobj or Code.Initobj or Code.Stfld || i.OpCode.Name.StartsWith("stind", StringComparison.Ordinal))
            return Use.Write;
        return i.Operand is MethodReference called ? ByCall(called, i, pops - 1 - above) : Use.Read;
    }

    private static Use ByCall(MethodReference called, Instruction i, int position)
    {
        switch (called.DeclaringType.FullName)
        {
            case "System.Threading.Interlocked":
                return called.Name == "Read" ? Use.AtomicRead : Use.AtomicExchange;
            case "System.Threading.Volatile":
                return called.Name == "Read" ? Use.AtomicRead : Use.AtomicWrite;
            case "System.Threading.LazyInitializer" or "System.Collections.Immutable.ImmutableInterlocked":
                return Use.AtomicExchange;
            case "System.Threading.Monitor" or "System.Threading.SpinLock":
            case "ReplayHarness.Host.Controlled.ControlledLocks" or "ReplayHarness.Host.Controlled.ControlledSpinLocks":
                return Use.None;
            default:
                break;
        }
        var argument = position - (called.HasThis && i.OpCode.Code != Code.Newobj ? 1 : 0);
        if (argument < 0)
            return Mutates(called) ? Use.Write : Use.Read;
        if (argument >= called.Parameters.Count)
            return Use.Read;
        var parameter = called.Parameters[argument];
        return parameter.IsIn || parameter.ParameterType is RequiredModifierType ? Use.Read : Use.Write;
    }

    // A method of a struct may write to it, unless it says that it does not. Those for threads are made to be shared.
    private static bool Mutates(MethodReference called)
    {
        var type = called.DeclaringType;
        if (!type.IsValueType || type.Namespace.StartsWith("System.Threading", StringComparison.Ordinal))
            return false;
        if (called.Name.StartsWith("get_", StringComparison.Ordinal) || s_ofObjects.Contains(called.Name))
            return false;
        try
        {
            return called.Resolve() is { } method && !IsReadOnly(method) && !IsReadOnly(method.DeclaringType);
        }
        catch (AssemblyResolutionException)
        {
            return false;
        }
    }

    private static bool IsReadOnly(ICustomAttributeProvider of) =>
        of.CustomAttributes.Any(a => a.AttributeType.FullName == "System.Runtime.CompilerServices.IsReadOnlyAttribute");

    private static (int Pops, int Pushes) Effect(Instruction i)
    {
        if (i.Operand is MethodReference called && i.OpCode.FlowControl == FlowControl.Call)
        {
            var makes = i.OpCode.Code == Code.Newobj;
            return (
                called.Parameters.Count + (called.HasThis && !makes ? 1 : 0),
                makes || called.ReturnType.MetadataType != MetadataType.Void ? 1 : 0
            );
        }
        var pushes = i.OpCode.StackBehaviourPush switch
        {
            StackBehaviour.Push0 => 0,
            StackBehaviour.Push1_push1 => 2,
            _ => 1,
        };
        return (Pops(i.OpCode.StackBehaviourPop), pushes);
    }

    // How many values each name of a behaviour has in it; what varies, nobody can tell.
    private static int Pops(StackBehaviour behaviour) =>
        behaviour switch
        {
            StackBehaviour.Pop0 => 0,
            StackBehaviour.Varpop or StackBehaviour.PopAll => -1,
            _ => behaviour.ToString().Split('_').Length,
        };
}
