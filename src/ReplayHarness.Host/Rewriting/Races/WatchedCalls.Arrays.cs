using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <content>Methods of .NET that read or write elements of arrays which they are given.</content>
internal sealed partial class WatchedCalls
{
    private const string Elements = "an element of an array";

    // Which elements an argument's array is used at: from an argument on, as many as another says; -1 for none.
    private readonly record struct Range(int Array, bool Writes, int Start = -1, int Count = -1)
    {
        public bool OfBytes { get; init; }
    }

    private void OfArrays(Instruction at, MethodReference called)
    {
        if (called.HasThis || called.Parameters.Count == 0)
            return;
        foreach (var range in RangesOf(called))
            Say(at, called, range);
    }

    private static Range[] RangesOf(MethodReference called)
    {
        var count = called.Parameters.Count;
        var hasRange = count >= 3 && IsNumber(called, 1) && IsNumber(called, 2);
        var (first, of) = hasRange ? (1, 2) : (-1, -1);
        return (called.DeclaringType.Name, called.Name) switch
        {
            ("Array", "Copy") when count == 3 => [new(0, false, -1, 2), new(1, true, -1, 2)],
            ("Array", "Copy" or "ConstrainedCopy") when count == 5 => [new(0, false, 1, 4), new(2, true, 3, 4)],
            ("Array", "Clear" or "Reverse") => [new(0, true, first, of)],
            ("Array", "Sort") when IsArray(called, 0) && !(count > 1 && IsArray(called, 1)) => [new(0, true, first, of)],
            ("Array", "Sort") when IsArray(called, 0) => [new(0, true), new(1, true)],
            ("Array", "Fill") when count == 2 => [new(0, true)],
            ("Array", "Fill") when count == 4 => [new(0, true, 2, 3)],
            ("Array", "Resize") => [],
            ("Array", _) when IsArray(called, 0) && !called.Name.StartsWith("AsReadOnly", StringComparison.Ordinal) => [new(0, false)],
            ("Buffer", "BlockCopy") => [new(0, false, 1, 4) { OfBytes = true }, new(2, true, 3, 4) { OfBytes = true }],
            _ => [],
        };
    }

    private static bool IsNumber(MethodReference called, int parameter) =>
        called.Parameters[parameter].ParameterType.MetadataType == MetadataType.Int32;

    private static bool IsArray(MethodReference called, int parameter) =>
        called.Parameters[parameter].ParameterType is ArrayType or { FullName: "System.Array" };

    private void Say(Instruction at, MethodReference called, Range range)
    {
        List<TypeReference?> types = [.. called.Parameters.Select(p => Generics.Inflate(p.ParameterType, called))];
        // A long count is for arrays that no replay has.
        if (
            types.Contains(null)
            || (range.Start >= 0 && !IsNumber(called, range.Start))
            || (range.Count >= 0 && !IsNumber(called, range.Count))
        )
            return;
        var place = places.Add(editor.Method, points.Current, range.Writes ? "writes" : "reads", Elements);
        var arguments = types.Select(t => editor.Local(t!)).ToArray();
        var hook =
            range.OfBytes ? nameof(RaceHooks.Bytes)
            : range.Start >= 0 ? nameof(RaceHooks.Elements)
            : range.Count >= 0 ? nameof(RaceHooks.FirstElements)
            : nameof(RaceHooks.AllElements);
        int[] shown = [range.Array, .. range.Start >= 0 ? (int[])[range.Start] : [], .. range.Count >= 0 ? (int[])[range.Count] : []];
        editor.Before(
            at,
            [
                .. arguments.Reverse().Select(a => Instruction.Create(OpCodes.Stloc, a)),
                .. shown.Select(a => Instruction.Create(OpCodes.Ldloc, arguments[a])),
                Instruction.Create(OpCodes.Ldc_I4, place),
                Instruction.Create(range.Writes ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0),
                hooks.Call(hook),
                .. arguments.Select(a => Instruction.Create(OpCodes.Ldloc, a)),
            ]
        );
    }
}
