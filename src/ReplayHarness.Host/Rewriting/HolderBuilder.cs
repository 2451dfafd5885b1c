using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Statics;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// Adds holders to types: an instance field for each static one, and the getter, which makes the holder of a schedule when that first uses
/// the type, and then runs what was the type's static constructor.
/// </summary>
/// <param name="module">The module.</param>
/// <param name="agents">Whether it is the agent team's own.</param>
internal sealed class HolderBuilder(ModuleDefinition module, bool agents)
{
    private const MethodAttributes Helper = MethodAttributes.Static | MethodAttributes.Assembly | MethodAttributes.HideBySig;
    private const MethodAttributes Open = MethodAttributes.Static | MethodAttributes.Public | MethodAttributes.HideBySig;

    private readonly FieldReference _epochNow = new(
        nameof(ScheduleStatics.Epoch),
        module.TypeSystem.Int32,
        module.ImportReference(typeof(ScheduleStatics))
    );

    /// <summary>The holder of the fields that all threads share; it has the type's initialiser too.</summary>
    public void AddShared(TypeDefinition type, IEnumerable<FieldDefinition> fields, MethodDefinition? initialiser)
    {
        var parts = Begin(type, Holder.Shared, fields);
        var il = NewMethod(parts);
        var go = il.Create(OpCodes.Nop);
        il.Emit(OpCodes.Ldtoken, parts.Self);
        il.Emit(OpCodes.Call, Runtime(nameof(ScheduleStatics.Enter)));
        il.Emit(OpCodes.Brtrue, go);
        il.Emit(OpCodes.Ldsfld, parts.Current);
        il.Emit(OpCodes.Ret);
        il.Append(go);
        EmitNew(il, parts);
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Call, Runtime(nameof(ScheduleStatics.Add)));
        var end = il.Create(OpCodes.Ldtoken, parts.Self);
        if (initialiser is not null)
            EmitInitialise(il, parts, InitialiserOf(type, parts.Type, initialiser), end);
        il.Append(end);
        il.Emit(OpCodes.Ldsflda, parts.Epoch);
        il.Emit(OpCodes.Call, Runtime(nameof(ScheduleStatics.Leave)));
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ret);
        End(parts);
    }

    /// <summary>The holder of the fields that each thread has for itself. The first thread runs the type's initialiser.</summary>
    public void AddOfThread(TypeDefinition type, IEnumerable<FieldDefinition> fields, bool isInitialised)
    {
        var parts = Begin(type, Holder.OfThread, fields);
        foreach (var field in parts.Type.Fields.Where(f => f.IsStatic))
            field.CustomAttributes.Add(new CustomAttribute(ConstructorOf("System", "ThreadStaticAttribute")));
        var il = NewMethod(parts);
        if (isInitialised)
        {
            var shared = type.NestedTypes.First(n => n.Name == Holder.Shared);
            var go = il.Create(OpCodes.Nop);
            il.Emit(OpCodes.Call, Holder.Get(SeenFrom(parts.Type, shared)));
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ldsfld, parts.Epoch);
            il.Emit(OpCodes.Ldsfld, _epochNow);
            il.Emit(OpCodes.Bne_Un, go);
            il.Emit(OpCodes.Ldsfld, parts.Current);
            il.Emit(OpCodes.Ret);
            il.Append(go);
        }
        EmitNew(il, parts);
        il.Emit(OpCodes.Ldsfld, _epochNow);
        il.Emit(OpCodes.Stsfld, parts.Epoch);
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Call, Runtime(nameof(ScheduleStatics.AddOfThread)));
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ret);
        End(parts);
    }

    private sealed record Parts(TypeDefinition Type, TypeReference Self, FieldReference Current, FieldReference Epoch);

    private Parts Begin(TypeDefinition type, string name, IEnumerable<FieldDefinition> fields)
    {
        var holder = new TypeDefinition(
            "",
            name,
            TypeAttributes.NestedPublic | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit,
            module.TypeSystem.Object
        );
        CopyParameters(type, holder);
        type.NestedTypes.Add(holder);
        foreach (var field in fields)
            holder.Fields.Add(new FieldDefinition(field.Name, FieldAttributes.Public, field.FieldType));
        var self = Holder.Instance(holder);
        AddConstructor(holder);
        return new(holder, self, AddStatic(holder, "<>current", self), AddStatic(holder, "<>epoch", module.TypeSystem.Int32));
    }

    private void End(Parts parts)
    {
        AddGetter(parts);
        foreach (var field in parts.Type.Fields.Where(f => !f.IsStatic).ToArray())
            AddSetter(parts, field);
    }

    // What a type argument may be is told again; that a parameter is in or out is for interfaces alone.
    private static void CopyParameters(TypeDefinition type, TypeDefinition holder)
    {
        foreach (var parameter in type.GenericParameters)
            holder.GenericParameters.Add(
                new GenericParameter(parameter.Name, holder)
                {
                    Attributes = parameter.Attributes & ~GenericParameterAttributes.VarianceMask,
                }
            );
        foreach (var (from, to) in type.GenericParameters.Zip(holder.GenericParameters))
        foreach (var constraint in from.Constraints)
            to.Constraints.Add(new GenericParameterConstraint(constraint.ConstraintType));
    }

    private static FieldReference AddStatic(TypeDefinition holder, string name, TypeReference type)
    {
        holder.Fields.Add(new FieldDefinition(name, FieldAttributes.Static | FieldAttributes.Assembly, type));
        return new(name, type, Holder.Instance(holder));
    }

    private void AddConstructor(TypeDefinition holder)
    {
        var constructor = new MethodDefinition(
            ".ctor",
            MethodAttributes.Public | MethodAttributes.HideBySig | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName,
            module.TypeSystem.Void
        );
        holder.Methods.Add(constructor);
        var il = constructor.Body.GetILProcessor();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, ConstructorOf("System", "Object"));
        il.Emit(OpCodes.Ret);
    }

    private static ILProcessor NewMethod(Parts parts)
    {
        var method = new MethodDefinition("<>New", Helper, parts.Self) { NoInlining = true };
        parts.Type.Methods.Add(method);
        method.Body.InitLocals = true;
        method.Body.Variables.Add(new VariableDefinition(parts.Self));
        return method.Body.GetILProcessor();
    }

    private void EmitNew(ILProcessor il, Parts parts)
    {
        il.Emit(OpCodes.Newobj, new MethodReference(".ctor", module.TypeSystem.Void, parts.Self) { HasThis = true });
        il.Emit(OpCodes.Stloc_0);
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Stsfld, parts.Current);
    }

    private void EmitInitialise(ILProcessor il, Parts parts, MethodReference initialiser, Instruction end)
    {
        var error = new VariableDefinition(Core("System", "Exception"));
        il.Body.Variables.Add(error);
        var start = il.Create(OpCodes.Call, initialiser);
        il.Append(start);
        il.Emit(OpCodes.Leave, end);
        var handler = il.Create(OpCodes.Stloc, error);
        il.Append(handler);
        il.Emit(OpCodes.Ldtoken, parts.Self);
        il.Emit(OpCodes.Ldloc, error);
        il.Emit(agents ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Call, Runtime(nameof(ScheduleStatics.Fail)));
        il.Emit(OpCodes.Throw);
        il.Body.ExceptionHandlers.Add(
            new ExceptionHandler(ExceptionHandlerType.Catch)
            {
                TryStart = start,
                TryEnd = handler,
                HandlerStart = handler,
                HandlerEnd = end,
                CatchType = error.VariableType,
            }
        );
    }

    private void AddGetter(Parts parts)
    {
        var getter = new MethodDefinition(Holder.Getter, Open, parts.Self) { AggressiveInlining = true };
        parts.Type.Methods.Add(getter);
        var il = getter.Body.GetILProcessor();
        var miss = il.Create(OpCodes.Call, new MethodReference("<>New", parts.Self, parts.Self));
        il.Emit(OpCodes.Ldsfld, parts.Epoch);
        il.Emit(OpCodes.Ldsfld, _epochNow);
        il.Emit(OpCodes.Bne_Un, miss);
        il.Emit(OpCodes.Ldsfld, parts.Current);
        il.Emit(OpCodes.Ret);
        il.Append(miss);
        il.Emit(OpCodes.Ret);
    }

    private void AddSetter(Parts parts, FieldDefinition field)
    {
        var setter = new MethodDefinition(Holder.SetterOf(field), Open, module.TypeSystem.Void) { AggressiveInlining = true };
        parts.Type.Methods.Add(setter);
        setter.Parameters.Add(new ParameterDefinition(Holder.Plain(field.FieldType)));
        var il = setter.Body.GetILProcessor();
        il.Emit(OpCodes.Call, Holder.Get(parts.Self));
        il.Emit(OpCodes.Ldarg_0);
        if (field.FieldType is RequiredModifierType)
            il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Stfld, new FieldReference(field.Name, field.FieldType, parts.Self));
        il.Emit(OpCodes.Ret);
    }

    private MethodReference InitialiserOf(TypeDefinition type, TypeDefinition holder, MethodDefinition initialiser) =>
        new(initialiser.Name, module.TypeSystem.Void, SeenFrom(holder, type));

    // A type with the parameters of the one that speaks of it.
    private static TypeReference SeenFrom(TypeDefinition speaker, TypeDefinition type) =>
        type.HasGenericParameters
            ? Mono.Cecil.Rocks.TypeReferenceRocks.MakeGenericInstanceType(type, [.. speaker.GenericParameters])
            : type;

    private MethodReference Runtime(string name) => module.ImportReference(typeof(ScheduleStatics).GetMethod(name));

    private TypeReference Core(string space, string name) => new(space, name, module, module.TypeSystem.CoreLibrary);

    private MethodReference ConstructorOf(string space, string name) =>
        new(".ctor", module.TypeSystem.Void, Core(space, name)) { HasThis = true };
}
