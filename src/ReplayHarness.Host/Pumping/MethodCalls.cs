using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace ReplayHarness.Host.Pumping;

/// <summary>The methods that a method names: those that it calls, makes objects with, or makes delegates of.</summary>
internal static class MethodCalls
{
    private static readonly Dictionary<int, OpCode> s_codes = typeof(OpCodes)
        .GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(c => (int)(ushort)c.Value);

    /// <summary>The methods, in the order of the code; none where the method has no body, or names what cannot be loaded.</summary>
    public static IReadOnlyList<MethodBase> Of(MethodBase method)
    {
        List<MethodBase> called = [];
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return called;
        for (var at = 0; at < code.Length; )
        {
            var (operation, operand) = Read(code, at);
            if (operation.OperandType is OperandType.InlineMethod && Resolve(method, Int(code, operand)) is { } one)
                called.Add(one);
            at = operand + Size(operation.OperandType, code, operand);
        }
        return called;
    }

    // A first byte of 0xFE says that there is a second.
    private static (OpCode Operation, int Operand) Read(byte[] code, int at) =>
        code[at] == 0xFE ? (s_codes[0xFE00 | code[at + 1]], at + 2) : (s_codes[code[at]], at + 1);

    private static int Size(OperandType type, byte[] code, int operand) =>
        type switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + 4 * Int(code, operand),
            _ => 4,
        };

    private static int Int(byte[] code, int at) => BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMethod(
                token,
                method.DeclaringType?.GetGenericArguments(),
                method.IsGenericMethod ? method.GetGenericArguments() : null
            );
        }
        catch (Exception e)
            when (e is ArgumentException or BadImageFormatException or IOException or TypeLoadException or MissingMethodException)
        {
            return null;
        }
    }
}
