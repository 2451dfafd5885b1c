using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// Where agent code reads what an exception holds: a field of an exception of the agent's own, wherever it is read, and a property or a
/// method without arguments of any other's.
/// </summary>
/// <param name="module">The assembly.</param>
internal sealed class ExceptionReads(ModuleDefinition module)
{
    private const string Suffix = "Exception",
        Base = "System.Exception";

    private readonly Dictionary<TypeDefinition, bool> _own = [];

    private readonly MethodReference _readField = module.ImportReference(
        typeof(ControlledExceptions).GetMethod(nameof(ControlledExceptions.ReadField))
    );

    private readonly MethodReference _readMember = module.ImportReference(
        typeof(ControlledExceptions).GetMethod(nameof(ControlledExceptions.ReadMember))
    );

    /// <summary>What stands before an instruction that reads; null for one that does not.</summary>
    public Instruction[]? Before(Instruction instruction, MethodDefinition method)
    {
        // What an exception says in its message is compared as a whole when it is made.
        if (method.Name is "get_Message" or "ToString" or "GetObjectData" || (method.IsConstructor && IsOwn(method.DeclaringType)))
            return null;
        return instruction.Operand switch
        {
            FieldReference field
                when instruction.OpCode.Code is Code.Ldfld or Code.Ldflda
                    && (IsOwn(field.DeclaringType) || IsOfOthers(field.DeclaringType)) => Read(field.Name, _readField),
            MethodReference called when instruction.OpCode.Code == Code.Callvirt && IsRead(instruction, called) => Read(
                called.Name.StartsWith("get_", StringComparison.Ordinal) ? called.Name[4..] : called.Name,
                _readMember
            ),
            _ => null,
        };
    }

    private static Instruction[] Read(string name, MethodReference read) =>
        [Instruction.Create(OpCodes.Dup), Instruction.Create(OpCodes.Ldstr, name), Instruction.Create(OpCodes.Call, read)];

    // Of generic types the name has a number behind it.
    private static bool IsNamed(TypeReference type) => type.Name.Split('`')[0].EndsWith(Suffix, StringComparison.Ordinal);

    private static bool IsRead(Instruction instruction, MethodReference called) =>
        called is { HasThis: true, Parameters.Count: 0, DeclaringType.Scope: not ModuleDefinition }
        && called.ReturnType.MetadataType != MetadataType.Void
        && instruction.Previous?.OpCode != OpCodes.Constrained
        && IsNamed(called.DeclaringType)
        && (
            called.DeclaringType.FullName == Base
                ? called.Name is "get_InnerException" or "get_HResult" or "GetBaseException"
                : called.Name is not ("get_Message" or "get_StackTrace" or "get_Data" or "ToString" or "GetHashCode" or "GetType")
        );

    // A field of a structure is read of another thing than an object.
    private static bool IsOfOthers(TypeReference type)
    {
        if (type.Scope is ModuleDefinition || !IsNamed(type))
            return false;
        try
        {
            return type.Resolve() is { IsClass: true, IsValueType: false };
        }
        catch (AssemblyResolutionException)
        {
            return false;
        }
    }

    private bool IsOwn(TypeReference type)
    {
        if (type.GetElementType() is not TypeDefinition definition)
            return false;
        if (_own.TryGetValue(definition, out var known))
            return known;
        _own[definition] = false;
        // What others derive from an exception is called one, as a rule that everybody keeps.
        return _own[definition] =
            definition is { IsClass: true, IsValueType: false, BaseType: { } parent }
            && (parent.GetElementType() is TypeDefinition ? IsOwn(parent) : parent.FullName != "System.Object" && IsNamed(parent));
    }
}
