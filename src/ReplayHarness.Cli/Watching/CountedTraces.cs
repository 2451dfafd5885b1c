using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>
/// The failures that were counted, so that a file that grows, or a store that is asked again, gives none twice. Of each eight bytes of a
/// hash are kept, and only of the newest.
/// </summary>
internal sealed class CountedTraces
{
    /// <summary>How many are kept.</summary>
    public const int Most = 200_000;

    private readonly HashSet<ulong> _known = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>Those that <see cref="ToString"/> wrote.</summary>
    /// <exception cref="BadInputException">It did not write this.</exception>
    public static CountedTraces Parse(string text, string file)
    {
        var counted = new CountedTraces();
        try
        {
            var bytes = Convert.FromBase64String(text);
            for (var at = 0; at + sizeof(ulong) <= bytes.Length; at += sizeof(ulong))
                counted.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
        }
        catch (FormatException e)
        {
            throw new BadInputException($"{file}: $.counted: is no base64; delete the file, and everything is read again", e);
        }
        return counted;
    }

    /// <summary>Adds a trace; false where it is there.</summary>
    public bool Add(string traceId) => Add(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(traceId))));

    /// <inheritdoc/>
    public override string ToString()
    {
        var bytes = new byte[_order.Count * sizeof(ulong)];
        foreach (var (i, key) in _order.Index())
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), key);
        return Convert.ToBase64String(bytes);
    }

    private bool Add(ulong key)
    {
        if (!_known.Add(key))
            return false;
        _order.Enqueue(key);
        if (_order.Count > Most)
            _known.Remove(_order.Dequeue());
        return true;
    }
}
