using Mono.Cecil;

namespace ReplayHarness.Evidence;

/// <summary>The types of a driver's own assembly that its code can reach: what it is, names, makes or calls, and what those do.</summary>
internal static class ReachedTypes
{
    /// <summary>The types, those within others left out, in order of their names.</summary>
    public static IEnumerable<TypeDefinition> From(TypeDefinition driver)
    {
        var reached = new HashSet<TypeDefinition>();
        var open = new Stack<TypeDefinition>([driver]);
        while (open.TryPop(out var type))
        {
            if (!reached.Add(type))
                continue;
            foreach (var named in NamedBy(type).SelectMany(Parts).OfType<TypeDefinition>().Select(Outermost))
                open.Push(named);
        }
        return reached.OrderBy(t => t.FullName, StringComparer.Ordinal);
    }

    /// <summary>The names of the assemblies whose types a type names.</summary>
    public static IEnumerable<string> AssembliesOf(TypeDefinition type) =>
        NamedBy(type).SelectMany(Parts).Select(t => t.Scope).OfType<AssemblyNameReference>().Select(a => a.Name);

    private static IEnumerable<TypeReference?> NamedBy(TypeDefinition type) =>
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.Fields.Select(f => f.FieldType),
            .. type.Methods.SelectMany(NamedBy),
            .. type.NestedTypes.SelectMany(NamedBy),
        ];

    private static IEnumerable<TypeReference?> NamedBy(MethodDefinition method)
    {
        foreach (var type in method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType))
            yield return type;
        if (!method.HasBody)
            yield break;
        foreach (var variable in method.Body.Variables)
            yield return variable.VariableType;
        foreach (var handler in method.Body.ExceptionHandlers)
            yield return handler.CatchType;
        foreach (var type in method.Body.Instructions.SelectMany(i => NamedBy(i.Operand)))
            yield return type;
    }

    private static IEnumerable<TypeReference?> NamedBy(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            GenericInstanceMethod made => [made.DeclaringType, .. made.GenericArguments],
            MemberReference member => [member.DeclaringType],
            _ => [],
        };

    // List<Order[]> is List, Order[] and Order; a type of another assembly is a reference, not a definition.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) =>
        type switch
        {
            null => [],
            GenericInstanceType made => [made.ElementType, .. made.GenericArguments.SelectMany(Parts)],
            TypeSpecification made => Parts(made.ElementType),
            _ => [type],
        };

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
