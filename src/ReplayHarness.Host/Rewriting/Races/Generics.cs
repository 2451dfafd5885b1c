using Mono.Cecil;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>Types as they are where a generic member is used.</summary>
internal static class Generics
{
    /// <summary>A type of a member's signature, with the arguments of the type and the method; null where no local can hold it.</summary>
    public static TypeReference? Inflate(TypeReference type, MemberReference of)
    {
        var method = of as GenericInstanceMethod;
        switch (type)
        {
            case GenericParameter { Type: GenericParameterType.Type } parameter:
                return of.DeclaringType is GenericInstanceType instance ? instance.GenericArguments[parameter.Position]
                    : parameter.Owner is TypeDefinition ? parameter
                    : null;
            case GenericParameter parameter:
                return method?.GenericArguments[parameter.Position];
            case RequiredModifierType required:
                return Inflate(required.ElementType, of);
            case OptionalModifierType optional:
                return Inflate(optional.ElementType, of);
            case ByReferenceType reference:
                return Inflate(reference.ElementType, of) is { } element ? new ByReferenceType(element) : null;
            case ArrayType array:
                return Inflate(array.ElementType, of) is { } item ? new ArrayType(item, array.Rank) : null;
            case GenericInstanceType generic:
                return Inflate(generic, of);
            case FunctionPointerType or PointerType:
                return null;
            default:
                return type;
        }
    }

    /// <summary>A type of the module as its own code names it.</summary>
    public static TypeReference Self(TypeDefinition type)
    {
        if (!type.HasGenericParameters)
            return type;
        var self = new GenericInstanceType(type);
        foreach (var parameter in type.GenericParameters)
            self.GenericArguments.Add(parameter);
        return self;
    }

    private static GenericInstanceType? Inflate(GenericInstanceType generic, MemberReference of)
    {
        var copy = new GenericInstanceType(generic.ElementType);
        foreach (var argument in generic.GenericArguments)
        {
            if (Inflate(argument, of) is not { } inflated)
                return null;
            copy.GenericArguments.Add(inflated);
        }
        return copy;
    }
}
