using System.Buffers.Binary;

namespace ReplayHarness.Host.Rewriting.Patching;

/// <summary>
/// Redirects the calls of an assembly without taking it apart: a redirected call is as long as the one that it replaces, so IL is changed
/// in place, and what the new calls need is appended to the metadata, at the end of the file. Far faster than writing all anew.
/// </summary>
internal static class CallPatcher
{
    private const byte Call = 0x28;

    /// <summary>Writes a patched copy of a package's or a framework's assembly.</summary>
    /// <param name="source">The assembly.</param>
    /// <param name="target">The file to write.</param>
    /// <param name="caller">Whose it is.</param>
    /// <returns>What was done.</returns>
    public static Patched Patch(string source, string target, Caller caller)
    {
        using var image = new PatchableImage(File.ReadAllBytes(source));
        if (!image.IsManaged)
            return Patched.Nothing;
        var references = RedirectedReferences.Of(image.Metadata, caller);
        if (references.Count == 0)
            return Patched.Nothing;
        if (CallSites.In(image, references) is not { } calls)
            return Patched.NotPossible;
        if (calls.Count == 0)
            return Patched.Nothing;
        var appended = new AppendedMetadata(image);
        var tokens = calls.Select(c => c.Token).Distinct().ToDictionary(t => t, t => appended.Add(references[t]));
        if (appended.ToBytes() is not { } metadata || !image.CanGrow)
            return Patched.NotPossible;
        foreach (var call in calls)
            Redirect(image.Bytes.AsSpan(call.Offset), tokens[call.Token]);
        File.WriteAllBytes(target, image.With(metadata));
        return Patched.Written;
    }

    // A load of the method's address has an opcode of two bytes, and stays one.
    private static void Redirect(Span<byte> instruction, int token)
    {
        if (instruction[0] == CallSites.TwoBytes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(instruction[2..], token);
            return;
        }
        instruction[0] = Call;
        BinaryPrimitives.WriteInt32LittleEndian(instruction[1..], token);
    }
}

/// <summary>What became of an assembly that was to be patched.</summary>
internal enum Patched
{
    /// <summary>It calls nothing that is redirected.</summary>
    Nothing,

    /// <summary>It was written.</summary>
    Written,

    /// <summary>It has to be taken apart.</summary>
    NotPossible,
}
