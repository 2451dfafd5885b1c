using System.Security.Cryptography;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ReplayHarness.Evidence;

/// <summary>What one type of an agent's code, with those within it, is and reaches.</summary>
/// <param name="Hash">A hash of all that it says.</param>
/// <param name="Types">The types of its own assembly that it names.</param>
/// <param name="Assemblies">The names of the assemblies whose types it names.</param>
/// <param name="FindsByName">Whether it finds code by its name at run time, which may be any.</param>
/// <param name="Texts">The texts in it that a variable of the environment could be named by.</param>
internal sealed record TypeCode(
    byte[] Hash,
    IReadOnlyList<TypeDefinition> Types,
    IReadOnlyList<string> Assemblies,
    bool FindsByName,
    IReadOnlyList<string> Texts
)
{
    /// <summary>That of a type.</summary>
    /// <param name="type">The type; one that no other holds.</param>
    /// <param name="withLines">Whether the lines of the source are part of the hash.</param>
    /// <param name="byName">The types that attributes may name, by the names of reflection; null where nobody asks what it names.</param>
    public static TypeCode Of(TypeDefinition type, bool withLines, IReadOnlyDictionary<string, TypeDefinition>? byName)
    {
        TypeReference[] named = byName is null ? [] : [.. ReachedTypes.NamedBy(type, byName).Distinct()];
        var bodies = Methods(type).Where(m => m.HasBody).ToArray();
        return new(
            SHA256.HashData(Encoding.UTF8.GetBytes(ModuleText.Of(type, withLines))),
            [.. named.OfType<TypeDefinition>().Select(ReachedTypes.Outermost).Distinct().Where(t => !ReachedTypes.IsOnlyData(t))],
            [.. named.Select(t => t.Scope).OfType<AssemblyNameReference>().Select(a => a.Name).Distinct(StringComparer.Ordinal)],
            bodies.SelectMany(m => m.Body.Instructions).Any(i => FoundByName.IsAskedBy(i.Operand)),
            [
                .. bodies
                    .SelectMany(m => m.Body.Instructions)
                    .Select(i => i.Operand)
                    .OfType<string>()
                    .Where(IsNameOfVariable)
                    .Distinct(StringComparer.Ordinal),
            ]
        );
    }

    private static IEnumerable<MethodDefinition> Methods(TypeDefinition type) => type.Methods.Concat(type.NestedTypes.SelectMany(Methods));

    private static bool IsNameOfVariable(string text) =>
        text.Length is > 1 and < 100 && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
}
