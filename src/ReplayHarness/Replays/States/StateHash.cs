using System.Numerics;
using System.Runtime.InteropServices;

namespace ReplayHarness.Replays.States;

/// <summary>
/// A 128-bit hash over a sequence of words: two lanes of multiply and rotate with different constants. Not cryptographic; equal only within
/// a process.
/// </summary>
internal struct StateHash
{
    private ulong _a;
    private ulong _b;

    public static StateHash Start() => new() { _a = 0x9E3779B97F4A7C15, _b = 0xC2B2AE3D27D4EB4F };

    public void Add(ulong value)
    {
        _a = BitOperations.RotateLeft(_a ^ (value * 0x87C37B91114253D5), 31) * 0x4CF5AD432745937F;
        _b = BitOperations.RotateLeft(_b + (value * 0x165667B19E3779F9), 27) * 0x9FB21C651E98DF25;
    }

    public void Add(long value) => Add((ulong)value);

    public void Add(string? text)
    {
        if (text is null)
        {
            Add(ulong.MaxValue);
            return;
        }
        Add(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add((ulong)bytes.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            Add(word);
        foreach (var last in bytes[(words.Length * sizeof(ulong))..])
            Add(last);
    }

    /// <summary>One word that stands for everything added so far: sums of such words do not depend on their order.</summary>
    public readonly ulong Word()
    {
        var mixed = (_a ^ BitOperations.RotateLeft(_b, 32)) * 0xFF51AFD7ED558CCD;
        return mixed ^ (mixed >> 33);
    }

    /// <summary>One word that stands for a text.</summary>
    public static ulong WordOf(string? text)
    {
        var hash = Start();
        hash.Add(text);
        return hash.Word();
    }

    public readonly UInt128 Value => new(_a ^ (_a >> 29), _b ^ (_b >> 31));
}
