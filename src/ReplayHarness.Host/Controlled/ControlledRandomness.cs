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
    private static readonly char[] s_upperDigits = [.. "0123456789ABCDEF"];
    private static readonly char[] s_lowerDigits = [.. "0123456789abcdef"];
    private static readonly char[] s_fileLetters = [.. "abcdefghijklmnopqrstuvwxyz012345"];

    private static bool IsReal => Kernel.Current is null;

    /// <summary>Instead of <see cref="Guid.NewGuid"/>: a version 4 id that counts.</summary>
    [Replaces(typeof(Guid), "NewGuid")]
    public static Guid NewGuid() => Kernel.Current is { } kernel ? Counted(kernel, version: 4) : Guid.NewGuid();

    /// <summary>Instead of <see cref="Guid.CreateVersion7()"/>.</summary>
    [Replaces(typeof(Guid), "CreateVersion7")]
    public static Guid NewOrderedGuid() => Kernel.Current is { } kernel ? Counted(kernel, version: 7) : Guid.CreateVersion7();

    /// <summary>Instead of <see cref="Guid.CreateVersion7(DateTimeOffset)"/>.</summary>
    [Replaces(typeof(Guid), "CreateVersion7")]
    public static Guid NewOrderedGuid(DateTimeOffset timestamp) =>
        Kernel.Current is { } kernel ? Counted(kernel, version: 7) : Guid.CreateVersion7(timestamp);

    /// <summary>Instead of <c>new Random()</c>.</summary>
    [Replaces(typeof(Random), ".ctor")]
    public static Random NewRandom() => Kernel.Current is { } kernel ? new Random(kernel.NextSeed()) : new Random();

    /// <summary>Instead of <see cref="RandomNumberGenerator.Create()"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "Create")]
    public static RandomNumberGenerator NewGenerator() => IsReal ? RandomNumberGenerator.Create() : new SeededGenerator(NewRandom());

    /// <summary>Instead of <c>RandomNumberGenerator.Create(name)</c>: there is one kind.</summary>
    [Replaces(typeof(RandomNumberGenerator), "Create")]
    public static RandomNumberGenerator? NewGenerator(string rngName) => NewGenerator();

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetBytes(int)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetBytes")]
    public static byte[] RandomBytes(int count)
    {
        if (IsReal)
            return RandomNumberGenerator.GetBytes(count);
        var bytes = new byte[count];
        NewRandom().NextBytes(bytes);
        return bytes;
    }

    /// <summary>Instead of <see cref="RandomNumberGenerator.Fill"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "Fill")]
    public static void Fill(Span<byte> data)
    {
        if (IsReal)
            RandomNumberGenerator.Fill(data);
        else
            NewRandom().NextBytes(data);
    }

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetInt32(int)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetInt32")]
    public static int RandomBelow(int toExclusive) => IsReal ? RandomNumberGenerator.GetInt32(toExclusive) : NewRandom().Next(toExclusive);

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetInt32(int, int)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetInt32")]
    public static int RandomBetween(int fromInclusive, int toExclusive) =>
        IsReal ? RandomNumberGenerator.GetInt32(fromInclusive, toExclusive) : NewRandom().Next(fromInclusive, toExclusive);

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetItems{T}(ReadOnlySpan{T}, int)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetItems")]
    public static T[] Items<T>(ReadOnlySpan<T> choices, int length) =>
        IsReal ? RandomNumberGenerator.GetItems(choices, length) : NewRandom().GetItems(choices, length);

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetItems{T}(ReadOnlySpan{T}, Span{T})"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetItems")]
    public static void Items<T>(ReadOnlySpan<T> choices, Span<T> destination)
    {
        if (IsReal)
            RandomNumberGenerator.GetItems(choices, destination);
        else
            NewRandom().GetItems(choices, destination);
    }

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetString"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetString")]
    public static string Text(ReadOnlySpan<char> choices, int length) =>
        IsReal ? RandomNumberGenerator.GetString(choices, length) : new string(NewRandom().GetItems(choices, length));

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetHexString(int, bool)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetHexString")]
    public static string Hex(int stringLength, bool lowercase) => Text(Digits(lowercase), stringLength);

    /// <summary>Instead of <see cref="RandomNumberGenerator.GetHexString(Span{char}, bool)"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "GetHexString")]
    public static void Hex(Span<char> destination, bool lowercase) => Items(Digits(lowercase), destination);

    /// <summary>Instead of <see cref="RandomNumberGenerator.Shuffle{T}(Span{T})"/>.</summary>
    [Replaces(typeof(RandomNumberGenerator), "Shuffle")]
    public static void Shuffle<T>(Span<T> values)
    {
        if (IsReal)
            RandomNumberGenerator.Shuffle(values);
        else
            NewRandom().Shuffle(values);
    }

    /// <summary>Instead of <see cref="Path.GetRandomFileName"/>.</summary>
    [Replaces(typeof(Path), "GetRandomFileName")]
    public static string RandomFileName() => IsReal ? Path.GetRandomFileName() : $"{Text(s_fileLetters, 8)}.{Text(s_fileLetters, 3)}";

    /// <summary>Instead of <see cref="Path.GetTempFileName"/>: a name that counts, in this process.</summary>
    [Replaces(typeof(Path), "GetTempFileName")]
    public static string TemporaryFile()
    {
        if (Kernel.Current is not { } kernel)
            return Path.GetTempFileName();
        var path = Path.Combine(ControlledFiles.TemporaryPath(), $"tmp{Environment.ProcessId:x}-{kernel.NextId():x}.tmp");
        File.Create(path).Dispose();
        return path;
    }

    private static ReadOnlySpan<char> Digits(bool lowercase) => lowercase ? s_lowerDigits : s_upperDigits;

    private static Guid Counted(Kernel kernel, int version)
    {
        var (number, seed) = (kernel.NextId(), kernel.RandomSeed);
        return new(
            (int)number,
            (short)(number >> 32),
            (short)(version << 12),
            0x80,
            0,
            (byte)seed,
            (byte)(seed >> 8),
            (byte)(seed >> 16),
            (byte)(seed >> 24),
            (byte)(seed >> 32),
            1
        );
    }

    // Where an instance is asked for.
    private sealed class SeededGenerator(Random random) : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => random.NextBytes(data);
    }
}
