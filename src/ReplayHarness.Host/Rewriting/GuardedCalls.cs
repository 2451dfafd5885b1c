using System.Diagnostics.Tracing;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// Calls of which only the arguments tell whether they reach outside: each goes by a method of its own, which shows them to
/// <see cref="Guards"/> first. So it is for what is called, made, or passed on as a delegate.
/// </summary>
/// <param name="module">Gets these methods.</param>
/// <param name="owner">Whose it is.</param>
internal sealed class GuardedCalls(ModuleDefinition module, Caller owner)
{
    // What they write, no agent reads.
    private static readonly string[] s_logs = ["Serilog", "NLog", "log4net"];

    private readonly bool _isLog =
        owner < Caller.Agent && s_logs.Any(l => module.Assembly.Name.Name.StartsWith(l, StringComparison.Ordinal));
    private readonly Dictionary<string, MethodDefinition> _guards = new(StringComparer.Ordinal);
    private TypeDefinition? _owner;

    /// <summary>The method to call instead; null where nothing has to be looked at.</summary>
    /// <param name="called">The member.</param>
    /// <param name="makes">Whether an object is made.</param>
    /// <param name="caller">The method that calls it.</param>
    public MethodReference? For(MethodReference called, bool makes, MethodDefinition caller)
    {
        if (_isLog || !Guards.Has(called.DeclaringType.FullName, called.Name, owner))
            return null;
        var key = $"{called.FullName} {makes} {caller.FullName}";
        if (!_guards.TryGetValue(key, out var guard))
            _guards.Add(key, guard = Add(called, makes, caller));
        return guard;
    }

    /// <summary>Shows an event listener that is being made; false where none is.</summary>
    public bool Show(MethodDefinition method, Instruction instruction)
    {
        if (instruction.Operand is not MethodReference { DeclaringType.FullName: "System.Diagnostics.Tracing.EventListener" })
            return false;
        method.Body.SimplifyMacros();
        var il = method.Body.GetILProcessor();
        il.InsertBefore(instruction, il.Create(OpCodes.Dup));
        var show = module.ImportReference(typeof(Guards).GetMethod(nameof(Guards.Before), [typeof(EventListener)]));
        il.InsertBefore(instruction, il.Create(OpCodes.Call, show));
        return true;
    }

    private MethodDefinition Add(MethodReference called, bool makes, MethodDefinition caller)
    {
        var guard = new MethodDefinition(
            $"{called.DeclaringType.Name}.{called.Name}.{_guards.Count}",
            MethodAttributes.Static | MethodAttributes.Assembly | MethodAttributes.HideBySig,
            makes ? called.DeclaringType : called.ReturnType
        );
        // A constructor that is called of a base class gets the object that is being made.
        var isOfBase = called.Name == ".ctor" && !makes;
        if (called.HasThis && !makes)
            guard.Parameters.Add(new(called.DeclaringType));
        foreach (var parameter in called.Parameters)
            guard.Parameters.Add(new(parameter.ParameterType));
        var il = guard.Body.GetILProcessor();
        Show(il, isOfBase ? [.. guard.Parameters.Skip(1), guard.Parameters[0]] : [.. guard.Parameters], called, caller);
        foreach (var parameter in guard.Parameters)
            il.Emit(OpCodes.Ldarg, parameter);
        il.Emit(
            makes ? OpCodes.Newobj
                : called.HasThis && !isOfBase ? OpCodes.Callvirt
                : OpCodes.Call,
            called
        );
        il.Emit(OpCodes.Ret);
        Owner().Methods.Add(guard);
        return guard;
    }

    private void Show(ILProcessor il, ParameterDefinition[] shown, MethodReference called, MethodDefinition caller)
    {
        il.Emit(OpCodes.Ldstr, called.DeclaringType.FullName);
        il.Emit(OpCodes.Ldstr, called.Name);
        il.Emit(OpCodes.Ldstr, $"{caller.DeclaringType.FullName}.{caller.Name}");
        il.Emit(OpCodes.Ldc_I4, shown.Length);
        il.Emit(OpCodes.Newarr, module.TypeSystem.Object);
        foreach (var (i, parameter) in shown.Index().Where(p => CanBeBoxed(p.Item.ParameterType)))
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, parameter);
            if (parameter.ParameterType.IsValueType)
                il.Emit(OpCodes.Box, parameter.ParameterType);
            il.Emit(OpCodes.Stelem_Ref);
        }
        il.Emit(
            OpCodes.Call,
            module.ImportReference(
                typeof(Guards).GetMethod(nameof(Guards.Before), [typeof(string), typeof(string), typeof(string), typeof(object[])])
            )
        );
    }

    // A span is what is written, and never where to.
    private static bool CanBeBoxed(TypeReference type) =>
        !type.IsByReference && !type.IsPointer && type.GetElementType().Name is not ("Span`1" or "ReadOnlySpan`1");

    private TypeDefinition Owner()
    {
        if (_owner is null)
            module.Types.Add(
                _owner = new(
                    "",
                    "<>Guards",
                    TypeAttributes.NotPublic | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit,
                    module.TypeSystem.Object
                )
            );
        return _owner;
    }
}
