using Mono.Cecil;

namespace ReplayHarness.Host.Rewriting;

/// <summary>Which static fields move into holders. Who moves a field and who reads it in another assembly must agree on it.</summary>
/// <param name="assemblies">The names of the assemblies whose fields move.</param>
internal sealed class MovedStatics(IReadOnlySet<string> assemblies)
{
    // What the compiler keeps for itself: delegates that it makes once, call sites, constant data. None of it is the agent's state.
    private static readonly string[] s_caches =
    [
        "<>c",
        "<>O",
        "<>o__",
        "<>A",
        "<>F",
        "<>f__",
        "<>y__",
        "<>z__",
        "<PrivateImplementationDetails>",
        "<Module>",
    ];

    /// <summary>True for an assembly whose fields move.</summary>
    public bool Move(string assembly) => assemblies.Contains(assembly);

    /// <summary>True for a type whose fields move.</summary>
    public bool Move(TypeDefinition type) => Move(type.Module.Assembly.Name.Name) && !IsCache(type);

    /// <summary>True for a field that moves.</summary>
    public bool Move(FieldDefinition field) =>
        field is { IsStatic: true, IsLiteral: false }
        && !field.Attributes.HasFlag(FieldAttributes.HasFieldRVA)
        && Move(field.DeclaringType);

    /// <summary>True for a field that each thread has for itself.</summary>
    public static bool IsOfThread(FieldDefinition field) =>
        field.HasCustomAttributes && field.CustomAttributes.Any(a => a.AttributeType.FullName == "System.ThreadStaticAttribute");

    private static bool IsCache(TypeDefinition type) =>
        s_caches.Any(c => type.Name.StartsWith(c, StringComparison.Ordinal)) || (type.DeclaringType is { } outer && IsCache(outer));
}
