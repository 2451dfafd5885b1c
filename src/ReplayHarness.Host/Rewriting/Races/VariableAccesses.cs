using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>Fields, statics, captured variables and elements of arrays.</summary>
/// <param name="editor">Changes the method.</param>
/// <param name="hooks">What is called.</param>
/// <param name="places">Numbers the places.</param>
/// <param name="points">The lines.</param>
internal sealed class VariableAccesses(MethodEditor editor, Hooks hooks, Places places, SourcePoints points)
{
    private const string Elements = "an element of an array";

    /// <summary>An access to a field.</summary>
    public void Field(Instruction at, FieldReference field)
    {
        if (at.OpCode.Code is not (Code.Ldfld or Code.Stfld or Code.Ldflda or Code.Ldsfld or Code.Stsfld or Code.Ldsflda))
            return;
        if (Resolve(field) is not { } definition)
            return;
        if (definition is { IsStatic: true, IsLiteral: false } && !IsInitialiser(editor.Method) && HasInitialiser(definition.DeclaringType))
            editor.Before(at, Instruction.Create(OpCodes.Ldtoken, field.DeclaringType), hooks.Call(nameof(RaceHooks.UseStatics)));
        if (MovedStatics.IsOfThread(definition))
            editor.Before(at, Instruction.Create(OpCodes.Ldnull), hooks.Call(nameof(RaceHooks.UseOfThread)));
        if (IsOfOne(definition))
            return;
        var isOwn = at.OpCode.Code is Code.Ldfld or Code.Stfld or Code.Ldflda;
        // What a constructor writes into its own object nobody else can see yet.
        if (isOwn && editor.Method is { IsConstructor: true, IsStatic: false } && definition.DeclaringType == editor.Method.DeclaringType)
            return;
        var (use, store, part) = UseOf(at, field);
        if (use == Use.None)
            return;
        var access = new FieldAccess(definition, PartOf(part), use);
        var variable = places.Names.Of(definition);
        if (at.OpCode.Code == Code.Stfld)
            StoreField(at, field, access, variable);
        else if (use >= Use.AtomicRead && store is not null)
            SayAtCall(at, store, isOwn, access, variable);
        else
            editor.Before(at, Say(at, isOwn, access, variable));
        if (use == Use.Write)
            StopBefore(store, variable);
    }

    /// <summary>An access to an element of an array; other instructions are none.</summary>
    public void Element(Instruction at)
    {
        switch (at.OpCode.Code)
        {
            case >= Code.Ldelem_I1 and <= Code.Ldelem_Ref or Code.Ldelem_Any:
                SayElement(at, Use.Read);
                break;
            case Code.Ldelema when AddressUse.Of(at, out var store, out var part) is var use and not Use.None:
                SayElement(at, use, store, PartOf(part));
                if (use == Use.Write)
                    StopBefore(store, Elements);
                break;
            case >= Code.Stelem_I and <= Code.Stelem_Ref or Code.Stelem_Any:
                var value = editor.Local(TypeOfElement(at));
                editor.Before(at, Instruction.Create(OpCodes.Stloc, value));
                SayElement(at, Use.Write);
                editor.Before(at, Instruction.Create(OpCodes.Ldloc, value));
                break;
            default:
                break;
        }
    }

    /// <summary>An access to an element of an array of several dimensions, which has methods for it.</summary>
    public void Cell(Instruction at, MethodReference called, ArrayType array)
    {
        if (array.Rank is not (2 or 3) || called.Name is not ("Get" or "Set" or "Address"))
            return;
        Instruction? store = null;
        var use =
            called.Name == "Get" ? Use.Read
            : called.Name == "Set" ? Use.Write
            : AddressUse.Of(at, out store, out _);
        // An atomic access is said at its call, which is too far from here.
        if (use is not (Use.Read or Use.Write))
            return;
        var value = called.Name == "Set" && Generics.Inflate(array.ElementType, called) is { } type ? editor.Local(type) : null;
        var indexes = Enumerable.Range(0, array.Rank).Select(_ => editor.Local(hooks.Module.TypeSystem.Int32)).ToArray();
        var target = editor.Local(hooks.Module.TypeSystem.Object);
        var index = array.Rank == 2 ? nameof(RaceHooks.IndexInTwo) : nameof(RaceHooks.IndexInThree);
        editor.Before(
            at,
            [
                .. value is null ? (Instruction[])[] : [Instruction.Create(OpCodes.Stloc, value)],
                .. indexes.Reverse().Select(i => Instruction.Create(OpCodes.Stloc, i)),
                Instruction.Create(OpCodes.Dup),
                Instruction.Create(OpCodes.Stloc, target),
                Instruction.Create(OpCodes.Ldloc, target),
                Instruction.Create(OpCodes.Ldloc, target),
                .. indexes.Select(i => Instruction.Create(OpCodes.Ldloc, i)),
                hooks.Call(index),
                Instruction.Create(OpCodes.Ldc_I4, places.Add(editor.Method, points.Current, WordOf(use), Elements)),
                hooks.Call(HookOf(use)),
                .. indexes.Select(i => Instruction.Create(OpCodes.Ldloc, i)),
                .. value is null ? (Instruction[])[] : [Instruction.Create(OpCodes.Ldloc, value)],
            ]
        );
        if (use == Use.Write)
            StopBefore(store, Elements);
    }

    private static (Use Use, Instruction? Store, FieldReference? Part) UseOf(Instruction at, FieldReference field)
    {
        if (at.OpCode.Code is Code.Ldflda or Code.Ldsflda)
            return (AddressUse.Of(at, out var store, out var part), store, part);
        var stores = at.OpCode.Code is Code.Stfld or Code.Stsfld;
        var isVolatile = field.FieldType is RequiredModifierType { ModifierType.Name: "IsVolatile" };
        return (
            isVolatile ? (stores ? Use.AtomicWrite : Use.AtomicRead)
            : stores ? Use.Write
            : Use.Read,
            null,
            null
        );
    }

    // Which field of its struct it is, from 1; 0 where fields lie upon each other.
    private static int PartOf(FieldReference? part) =>
        part is not null && Resolve(part) is { IsStatic: false, DeclaringType: { IsValueType: true, IsExplicitLayout: false } type } field
            ? type.Fields.IndexOf(field) + 1
            : 0;

    private void StoreField(Instruction at, FieldReference field, FieldAccess access, string variable)
    {
        if (Generics.Inflate(field.FieldType, field) is not { } type)
            return;
        var value = editor.Local(type);
        editor.Before(at, Instruction.Create(OpCodes.Stloc, value));
        editor.Before(at, Say(at, isOwn: true, access, variable));
        editor.Before(at, Instruction.Create(OpCodes.Ldloc, value));
    }

    // Between the read and the write of one increment somebody else may come.
    private void StopBefore(Instruction? store, string variable)
    {
        if (store is null)
            return;
        var place = places.Add(editor.Method, points.Current, "stores", variable);
        editor.Before(store, Instruction.Create(OpCodes.Ldc_I4, place), hooks.Call(nameof(RaceHooks.Stop)));
    }

    private Instruction[] Say(Instruction at, bool isOwn, FieldAccess access, string variable)
    {
        var use = access.Use;
        List<Instruction> code =
        [
            isOwn ? Instruction.Create(OpCodes.Dup) : Instruction.Create(OpCodes.Ldtoken, ((FieldReference)at.Operand).DeclaringType),
            Instruction.Create(OpCodes.Ldc_I4, Parts.Of(places.Member(access.Field), access.Part)),
            Instruction.Create(OpCodes.Ldc_I4, places.Add(editor.Method, points.Current, WordOf(use), variable)),
        ];
        if (use >= Use.AtomicRead)
            code.Add(Instruction.Create(OpCodes.Ldc_I4, (int)use - 10));
        code.Add(hooks.Call(isOwn ? HookOf(use) : HookOf(use) + "Static"));
        return [.. code];
    }

    // What else is given to an atomic call is made after the address was loaded, and is known to whoever reads it: it is said at the call.
    private void SayAtCall(Instruction load, Instruction call, bool isOwn, FieldAccess access, string variable)
    {
        var say = Say(load, isOwn, access, variable);
        if (isOwn)
        {
            var target = editor.Local(hooks.Module.TypeSystem.Object);
            editor.Before(load, Instruction.Create(OpCodes.Dup), Instruction.Create(OpCodes.Stloc, target));
            say[0] = Instruction.Create(OpCodes.Ldloc, target);
        }
        editor.Before(call, say);
        // What code of the team did within the call, before its atomic access, is known too.
        if (call.Operand is MethodReference { DeclaringType.Name: not ("Interlocked" or "Volatile") })
            editor.After(call, [.. say.Select(Again)]);

        static Instruction Again(Instruction one) =>
            one.Operand switch
            {
                VariableDefinition local => Instruction.Create(one.OpCode, local),
                int number => Instruction.Create(one.OpCode, number),
                TypeReference type => Instruction.Create(one.OpCode, type),
                MethodReference hook => Instruction.Create(one.OpCode, hook),
                _ => Instruction.Create(one.OpCode),
            };
    }

    // The array stands under the index on the stack.
    private void SayElement(Instruction at, Use use, Instruction? call = null, int part = 0)
    {
        var index = editor.Local(hooks.Module.TypeSystem.IntPtr);
        var array = editor.Local(hooks.Module.TypeSystem.Object);
        var isAtomic = use >= Use.AtomicRead;
        Instruction[] say =
        [
            Instruction.Create(OpCodes.Ldloc, array),
            Instruction.Create(OpCodes.Ldloc, index),
            Instruction.Create(OpCodes.Conv_I4),
            .. part > 0 ? (Instruction[])[Instruction.Create(OpCodes.Ldc_I4, part), hooks.Call(nameof(RaceHooks.Part))] : [],
            Instruction.Create(OpCodes.Ldc_I4, places.Add(editor.Method, points.Current, WordOf(use), Elements)),
            .. isAtomic ? (Instruction[])[Instruction.Create(OpCodes.Ldc_I4, (int)use - 10)] : [],
            hooks.Call(HookOf(use)),
        ];
        editor.Before(
            at,
            [
                Instruction.Create(OpCodes.Conv_I),
                Instruction.Create(OpCodes.Stloc, index),
                Instruction.Create(OpCodes.Dup),
                Instruction.Create(OpCodes.Stloc, array),
                .. isAtomic ? [] : say,
                Instruction.Create(OpCodes.Ldloc, index),
            ]
        );
        if (isAtomic)
            editor.Before(call!, say);
    }

    private static string WordOf(Use use) => use is Use.Read or Use.AtomicRead ? "reads" : "writes";

    private static string HookOf(Use use) =>
        use >= Use.AtomicRead ? nameof(RaceHooks.Atomic)
        : use == Use.Read ? nameof(RaceHooks.Read)
        : nameof(RaceHooks.Write);

    private TypeReference TypeOfElement(Instruction at) =>
        at.OpCode.Code switch
        {
            Code.Stelem_Ref => hooks.Module.TypeSystem.Object,
            Code.Stelem_Any => (TypeReference)at.Operand,
            Code.Stelem_I8 => hooks.Module.TypeSystem.Int64,
            Code.Stelem_R4 => hooks.Module.TypeSystem.Single,
            Code.Stelem_R8 => hooks.Module.TypeSystem.Double,
            Code.Stelem_I => hooks.Module.TypeSystem.IntPtr,
            _ => hooks.Module.TypeSystem.Int32,
        };

    // What only one chain of calls can reach: an async method's or an iterator's own state, and what the compiler keeps; and what is never
    // written again.
    private bool IsOfOne(FieldDefinition field)
    {
        if (field.IsInitOnly || field.IsLiteral || MovedStatics.IsOfThread(field) || field.Name.StartsWith("<>9", StringComparison.Ordinal))
            return true;
        var type = field.DeclaringType;
        if (field.IsStatic)
            return type.Name is "<>c" or "<>O"
                || type.Name.StartsWith("<PrivateImpl", StringComparison.Ordinal)
                || field.Name.StartsWith("<>", StringComparison.Ordinal)
                || IsInitialiser(editor.Method);
        return type.IsValueType || CodeShapes.IsStateMachine(type) || CodeShapes.IsIterator(type);
    }

    private static bool IsInitialiser(MethodDefinition method) => method is { IsConstructor: true, IsStatic: true };

    private static bool HasInitialiser(TypeDefinition type) => !type.Name.StartsWith('<') && type.Methods.Any(m => IsInitialiser(m));

    /// <summary>The initialiser of a type ends: who uses a static of it later comes after.</summary>
    public void EndOfInitialiser()
    {
        if (!IsInitialiser(editor.Method))
            return;
        foreach (var end in editor.Method.Body.Instructions.Where(i => i.OpCode.Code == Code.Ret).ToArray())
            editor.Before(
                end,
                Instruction.Create(OpCodes.Ldtoken, Generics.Self(editor.Method.DeclaringType)),
                hooks.Call(nameof(RaceHooks.EndStatics))
            );
    }

    // What is done with a field, or with one field of the struct in it.
    private sealed record FieldAccess(FieldDefinition Field, int Part, Use Use);

    private static FieldDefinition? Resolve(FieldReference field)
    {
        try
        {
            return field.Resolve();
        }
        catch (AssemblyResolutionException)
        {
            return null;
        }
    }
}
