// outside a replay it passes them on.
#pragma warning disable RS0030, CA5394 // Seeded numbers are the point here: this file is what agent code gets instead of the banned APIs;
using System.Security.Cryptography;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Ids and random numbers that rewritten code gets: counted and seeded while a replay runs, so that a schedule repeats exactly.
/// </summary>
public static class ControlledRandomness
{
    /// <summary>Instead of <see cref="Guid.NewGuid"/>: a version 4 id that counts.</summary>
    [Replaces(typeof(Guid), "NewGuid")]
    public static Guid NewGuid() => Kernel.Current is { } kernel ? Counted(kernel.NextId(), version: 4) : Guid.NewGuid();

    /// <summary>Instead of <see cref="Guid.CreateVersion7()"/>.</summary>
    [Replaces(typeof(Guid), "CreateVersion7")]
    public static Guid NewOrderedGuid() => Kernel.Current is { } kernel ? Counted(kernel.NextId(), version: 7) : Guid.CreateVersion7();

    /// <summary>Instead of <c>new Random()</c>.</summary>
    [Replaces(typeof(Random), ".ctor")]
    public static Random NewRandom() => Kernel.Current is { } kernel ? new Random((int)kernel.NextId()) : new Random();

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetBytes(int)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetBytes")]
    public static byte[] RandomBytes(int count)
    {
        if (Kernel.Current is null)
            return RandomNumberGenerator.GetBytes(count);
        var bytes = new byte[count];
        NewRandom().NextBytes(bytes);
        return bytes;
    }

    /// <summary>Instead of <see cref="RandomNumberGenerator.Fill"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "Fill")]
    public static void Fill(Span<byte> data)
    {
        if (Kernel.Current is null)
            RandomNumberGenerator.Fill(data);
        else
            NewRandom().NextBytes(data);
    }

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetInt32(int)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetInt32")]
    public static int RandomBelow(int toExclusive) =>
        Kernel.Current is null ? RandomNumberGenerator.GetInt32(toExclusive) : NewRandom().Next(toExclusive);

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetInt32(int, int)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetInt32")]
    public static int RandomBetween(int fromInclusive, int toExclusive) =>
        Kernel.Current is null ? RandomNumberGenerator.GetInt32(fromInclusive, toExclusive) : NewRandom().Next(fromInclusive, toExclusive);

    private static Guid Counted(long number, int version) =>
        new((int)number, (short)(number >> 32), (short)(version << 12), 0x80, 0, 0, 0, 0, 0, 0, 1);
}
