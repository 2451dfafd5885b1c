using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace ReplayHarness.Host.Rewriting;

/// <summary>The names of a holder's members, and references to them.</summary>
internal static class Holder
{
    /// <summary>The nested type that holds the static fields of a type.</summary>
    public const string Shared = "<>Statics";

    /// <summary>The nested type that holds those of one thread.</summary>
    public const string OfThread = "<>ThreadStatics";

    /// <summary>The method that gives the holder of this schedule.</summary>
    public const string Getter = "Get";

    /// <summary>What was a type's static constructor.</summary>
    public const string Initialiser = "<>cctor";

    /// <summary>A nested type, seen from within the type that it is nested in, or from itself.</summary>
    public static TypeReference Instance(TypeDefinition type) =>
        type.HasGenericParameters ? type.MakeGenericInstanceType([.. type.GenericParameters]) : type;

    /// <summary>The holder's getter. In its signature the type arguments are those of the holder itself.</summary>
    public static MethodReference Get(TypeReference holder) => new(Getter, Open(holder), holder);

    /// <summary>The method that sets a field.</summary>
    public static MethodReference Set(TypeReference holder, FieldReference field) =>
        new(SetterOf(field), field.Module.TypeSystem.Void, holder) { Parameters = { new ParameterDefinition(Plain(field.FieldType)) } };

    public static string SetterOf(FieldReference field) => $"set_{field.Name}";

    /// <summary>The type of a field without what says that it is volatile.</summary>
    public static TypeReference Plain(TypeReference type) => type is RequiredModifierType modified ? modified.ElementType : type;

    private static TypeReference Open(TypeReference holder) =>
        holder is GenericInstanceType instance
            ? instance.ElementType.MakeGenericInstanceType([.. instance.ElementType.GenericParameters])
            : holder;
}
