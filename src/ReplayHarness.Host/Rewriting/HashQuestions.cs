using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ReplayHarness.Host.Rewriting;

/// <summary>Hash codes that agent code asks for itself: of a comparer, of a tuple, or of a type of its own.</summary>
internal static class HashQuestions
{
    private const string Hash = nameof(GetHashCode);

    /// <summary>The type whose hash code a call asks for; null where it asks for none, or where a stand-in looks at the object.</summary>
    /// <param name="instruction">The call.</param>
    /// <param name="method">The method that makes it.</param>
    public static TypeReference? Of(Instruction instruction, MethodReference method)
    {
        // A hash code that is made of others decides nothing by itself; whoever asks for it does.
        if (instruction.Operand is not MethodReference { Name: Hash, HasThis: true } called || method.Name == Hash)
            return null;
        // A comparer of the agent's own is as good as what it asks for.
        if (called.Parameters.Count == 1)
            return IsOwn(called.DeclaringType) ? null : ArgumentOf(called);
        if (called.Parameters.Count > 0)
            return null;
        if (instruction.Previous is { OpCode.Code: Code.Constrained, Operand: TypeReference constrained })
            return constrained;
        return called.DeclaringType.FullName is "System.Object" or "System.String" ? null : called.DeclaringType;
    }

    private static TypeReference? ArgumentOf(MethodReference called) =>
        called.Parameters[0].ParameterType is GenericParameter parameter
            ? (called.DeclaringType as GenericInstanceType)?.GenericArguments[parameter.Position]
            : called.Parameters[0].ParameterType;

    private static bool IsOwn(TypeReference type) => type.Scope is ModuleDefinition;
}
