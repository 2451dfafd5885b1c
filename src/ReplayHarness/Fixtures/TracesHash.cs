using System.Buffers;
using System.Security.Cryptography;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// What ties a fixture to the traces beside it: one that was captured again in part, or traces that were changed, are told.
/// </summary>
internal static class TracesHash
{
    private const byte CarriageReturn = (byte)'\r';

    /// <summary>
    /// The SHA-256 of a file of traces, whatever its line ends: git may change them, and within JSON no carriage return means anything.
    /// </summary>
    public static string Of(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var input = File.OpenRead(file);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        for (int read; (read = input.Read(buffer)) > 0; )
        {
            var rest = buffer.AsSpan(0, read);
            for (int at; (at = rest.IndexOf(CarriageReturn)) >= 0; rest = rest[(at + 1)..])
                hash.AppendData(rest[..at]);
            hash.AppendData(rest);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The hash of a file; null where there is none.</summary>
    public static string? IfThere(string file) => File.Exists(file) ? Of(file) : null;

    /// <summary>Fails where a file is there and is not the one that a fixture was captured with.</summary>
    /// <param name="fixture">The fixture's own file.</param>
    /// <param name="member">The member that holds the hash.</param>
    /// <param name="file">The file of traces.</param>
    /// <param name="expected">Its hash; null where the fixture holds none.</param>
    /// <exception cref="BadInputException">It is another one.</exception>
    public static void Check(string fixture, string member, string file, string? expected)
    {
        if (expected is not null && IfThere(file) is { } actual && actual != expected)
            throw new BadInputException(
                $"{file}: is not what the fixture was captured with: expected the SHA-256 {expected}, which {fixture} names at {member}, "
                    + $"and is {actual}. Restore both files from one capture, or capture the incident again; where the traces were edited "
                    + "on purpose, delete that member"
            );
    }
}
