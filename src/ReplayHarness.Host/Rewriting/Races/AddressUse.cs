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
    /// <param name="part">Where only one field of a struct is used: that field. Else null.</param>
    public static Use Of(Instruction load, out Instruction? store, out FieldReference? part) => Of(load, out store, out part, depth: 0);

    private static Use Of(Instruction load, out Instruction? store, out FieldReference? part, int depth)
    {
        (store, part) = (null, null);
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
            {
                part = (FieldReference)i.Operand;
                return Of(i, out store, out _, depth);
            }
            if (pops > above)
            {
                var use = By(i, above, pops, depth);
                if (i.OpCode.Code is Code.Ldfld or Code.Stfld && above == pops - 1 && !isRead)
                    part = (FieldReference)i.Operand;
                store = (isRead && use == Use.Write) || use >= Use.AtomicRead ? i : null;
                return isRead && use == Use.Read ? Use.Write : use;
            }
            above += pushes - pops;
            if (i.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
                return Use.None;
        }
        return Use.None;
    }

    private static Use By(Instruction i, int above, int pops, int depth)
    {
        if (i.OpCode.Code == Code.Ldflda)
            return Of(i, out _, out _, depth);
        if (i.OpCode.Code is Code.Stobj or Code.Initobj or Code.Stfld || i.OpCode.Name.StartsWith("stind", StringComparison.Ordinal))
            return Use.Write;
        return i.Operand is MethodReference called ? ByCall(called, i, pops - 1 - above, depth) : Use.Read;
    }

    private static Use ByCall(MethodReference called, Instruction i, int position, int depth)
    {
        switch (called.DeclaringType.GetElementType().FullName)
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
            // Who gets the result goes on after who set it.
            case "System.Threading.Tasks.Sources.ManualResetValueTaskSourceCore`1" when position == 0:
                return called.Name is "SetResult" or "SetException" ? Use.AtomicWrite : Use.AtomicRead;
            default:
                break;
        }
        var argument = position - (called.HasThis && i.OpCode.Code != Code.Newobj ? 1 : 0);
        if (argument < 0)
            return RefParameters.UseOf(called, argument, depth) is >= Use.AtomicRead and var atomic ? atomic
                : Mutates(called) ? Use.Write
                : Use.Read;
        if (argument >= called.Parameters.Count)
            return Use.Read;
        var parameter = called.Parameters[argument];
        return parameter.IsIn || parameter.ParameterType is RequiredModifierType ? Use.Read : RefParameters.UseOf(called, argument, depth);
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

    /// <summary>
    /// What a method does through an address that it is given, or that is its struct's (-1); <see cref="Use.Write"/> where that cannot be
    /// told.
    /// </summary>
    private static class RefParameters
    {
        private const int MostDeep = 4;

        public static Use UseOf(MethodReference called, int argument, int depth)
        {
            // The framework's are known by name.
            if (depth == MostDeep || called.DeclaringType.Namespace.StartsWith("System", StringComparison.Ordinal))
                return Use.Write;
            if (
                Resolve(called) is not { HasBody: true } method
                || (method.IsVirtual && !method.IsFinal && !method.DeclaringType.IsValueType)
            )
                return Use.Write;
            var uses = method
                .Body.Instructions.Where(i => Loads(i, method, argument))
                .Select(i => Of(i, out _, out _, depth + 1))
                .ToHashSet();
            return uses.Count > 0 && uses.All(u => u >= Use.AtomicRead) ? (uses.Count == 1 ? uses.Single() : Use.AtomicExchange)
                : uses.SetEquals([Use.Read]) ? Use.Read
                : Use.Write;
        }

        private static bool Loads(Instruction i, MethodDefinition method, int argument)
        {
            var slot = argument + (method.HasThis ? 1 : 0);
            return i.OpCode.Code switch
            {
                Code.Ldarg_0 => slot == 0,
                Code.Ldarg_1 => slot == 1,
                Code.Ldarg_2 => slot == 2,
                Code.Ldarg_3 => slot == 3,
                Code.Ldarg or Code.Ldarg_S => ((ParameterDefinition)i.Operand).Index == argument,
                _ => false,
            };
        }

        private static MethodDefinition? Resolve(MethodReference called)
        {
            try
            {
                return called.Resolve();
            }
            catch (AssemblyResolutionException)
            {
                return null;
            }
        }
    }

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
