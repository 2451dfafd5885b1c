using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace ReplayHarness.Host.Rewriting;

/// <summary>Redirects what code does with moved static fields to their holders.</summary>
/// <param name="module">The module of the code.</param>
/// <param name="moved">Which fields move.</param>
internal sealed class StaticAccesses(ModuleDefinition module, MovedStatics moved)
{
    // By field: the name of the holder; null where the field does not move.
    private readonly Dictionary<string, string?> _holders = new(StringComparer.Ordinal);

    /// <summary>Redirects the accesses of a method; how many there were.</summary>
    public int Redirect(MethodDefinition method)
    {
        var accesses = method.Body.Instructions.Where(IsAccess).Select(i => (Instruction: i, Holder: HolderOf((FieldReference)i.Operand)));
        (Instruction, TypeReference?)[] redirected = [.. accesses.Where(a => a.Holder is not null)];
        if (redirected.Length == 0)
            return 0;
        method.Body.SimplifyMacros();
        foreach (var (instruction, holder) in redirected)
            Redirect(method.Body.GetILProcessor(), instruction, (FieldReference)instruction.Operand, holder!);
        method.Body.OptimizeMacros();
        return redirected.Length;
    }

    private static bool IsAccess(Instruction instruction) =>
        instruction.OpCode.Code is Code.Ldsfld or Code.Ldsflda or Code.Stsfld && instruction.Operand is FieldReference;

    // Whoever jumps to the access must come to the first of what stands for it.
    private static void Redirect(ILProcessor il, Instruction access, FieldReference field, TypeReference holder)
    {
        var prefix = access.Previous is { OpCode.Code: Code.Volatile } before ? before : null;
        if (access.OpCode.Code == Code.Stsfld)
        {
            // The setter knows that the field is volatile.
            if (prefix is not null)
                prefix.OpCode = OpCodes.Nop;
            access.OpCode = OpCodes.Call;
            access.Operand = Holder.Set(holder, field);
            return;
        }
        var load = access.OpCode.Code == Code.Ldsfld ? OpCodes.Ldfld : OpCodes.Ldflda;
        il.InsertAfter(access, il.Create(load, new FieldReference(field.Name, field.FieldType, holder)));
        if (prefix is not null)
            (access.OpCode, access.Operand) = (OpCodes.Volatile, null);
        ((prefix ?? access).OpCode, (prefix ?? access).Operand) = (OpCodes.Call, Holder.Get(holder));
    }

    private TypeReference? HolderOf(FieldReference field)
    {
        var element = field.DeclaringType.GetElementType();
        var key = $"{element.Scope?.Name}|{element.FullName}::{field.Name}";
        if (!_holders.TryGetValue(key, out var name))
            _holders.Add(key, name = NameOf(field, element));
        if (name is null)
            return null;
        var holder = element is TypeDefinition own ? own.NestedTypes.First(n => n.Name == name) : Elsewhere(element, field, name);
        return field.DeclaringType is GenericInstanceType instance
            ? holder.MakeGenericInstanceType([.. instance.GenericArguments])
            : holder;
    }

    private string? NameOf(FieldReference field, TypeReference element)
    {
        if (element is not TypeDefinition && !(element.Scope is AssemblyNameReference assembly && moved.Move(assembly.Name)))
            return null;
        return field.Resolve() is { } definition && moved.Move(definition)
            ? MovedStatics.IsOfThread(definition)
                ? Holder.OfThread
                : Holder.Shared
            : null;
    }

    private TypeReference Elsewhere(TypeReference element, FieldReference field, string name)
    {
        var holder = new TypeReference("", name, module, element.Scope) { DeclaringType = element };
        for (var i = 0; i < (field.DeclaringType as GenericInstanceType)?.GenericArguments.Count; i++)
            holder.GenericParameters.Add(new GenericParameter(holder));
        return holder;
    }
}
