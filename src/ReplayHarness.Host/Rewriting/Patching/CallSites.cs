using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace ReplayHarness.Host.Rewriting.Patching;

/// <summary>An instruction that calls what is redirected.</summary>
/// <param name="Offset">Where in the file its opcode stands.</param>
/// <param name="Token">The member that it calls.</param>
internal readonly record struct CallSite(int Offset, int Token);

/// <summary>Finds the instructions that call what is redirected.</summary>
internal static class CallSites
{
    /// <summary>The first byte of an opcode of two.</summary>
    public const byte TwoBytes = 0xFE;

    private const int TinyHeader = 1;
    private const int FatHeader = 12;

    private static readonly Dictionary<short, OpCode> s_opcodes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => o.Value);

    /// <summary>Those of an assembly; null where one of them cannot be redirected by another reference alone.</summary>
    public static List<CallSite>? In(PatchableImage image, IReadOnlyDictionary<int, RedirectedReference> references)
    {
        List<CallSite> found = [];
        foreach (var handle in image.Metadata.MethodDefinitions)
        {
            var method = image.Metadata.GetMethodDefinition(handle);
            var isIl = (method.ImplAttributes & MethodImplAttributes.CodeTypeMask) == MethodImplAttributes.IL;
            if (method.RelativeVirtualAddress != 0 && isIl && !Add(image, method, references, found))
                return null;
        }
        return found;
    }

    private static bool Add(
        PatchableImage image,
        MethodDefinition method,
        IReadOnlyDictionary<int, RedirectedReference> references,
        List<CallSite> found
    )
    {
        var start = image.OffsetOf(method.RelativeVirtualAddress);
        var length = image.CodeSizeOf(method);
        // The two low bits of a method's header: 2 is the short form.
        start += (image.Bytes[start] & 3) == 2 ? TinyHeader : FatHeader;
        var (end, isConstrained) = (start + length, false);
        for (var at = start; at < end; )
        {
            var opcode = OpcodeAt(image.Bytes, at);
            var operand = at + opcode.Size;
            if (opcode.OperandType is OperandType.InlineMethod or OperandType.InlineTok)
            {
                var token = BinaryPrimitives.ReadInt32LittleEndian(image.Bytes.AsSpan(operand));
                if (references.TryGetValue(token, out var reference) && !isConstrained && !IsLeft(image.Metadata, reference, opcode))
                {
                    if (!CanRedirect(reference, opcode))
                        return false;
                    found.Add(new(at, token));
                }
            }
            isConstrained = opcode == OpCodes.Constrained;
            at = operand + OperandSize(image.Bytes, operand, opcode);
        }
        return true;
    }

    // What a constructor calls of its base class makes no object, and the name of a member calls nothing.
    private static bool IsLeft(MetadataReader metadata, RedirectedReference reference, OpCode opcode) =>
        opcode == OpCodes.Ldtoken
        || (opcode != OpCodes.Newobj && reference.Target is not null && metadata.StringComparer.Equals(reference.Row.Name, ".ctor"));

    private static bool CanRedirect(RedirectedReference reference, OpCode opcode) =>
        reference.Target is not null
        && (opcode == OpCodes.Call || opcode == OpCodes.Callvirt || opcode == OpCodes.Newobj || opcode == OpCodes.Ldftn);

    private static OpCode OpcodeAt(byte[] bytes, int at) =>
        s_opcodes[bytes[at] == TwoBytes ? (short)((TwoBytes << 8) | bytes[at + 1]) : bytes[at]];

    private static int OperandSize(byte[] bytes, int at, OpCode opcode) =>
        opcode.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at))),
            _ => 4,
        };
}
