using System.Buffers.Binary;
using System.Text;

namespace ReplayHarness.Traces.Containers;

/// <summary>Walks the fields of one protobuf message (wire types 0, 1, 2 and 5).</summary>
/// <param name="message">The message.</param>
/// <param name="at">Where it stands in its file.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, long at = 0)
{
    private readonly int _length = message.Length;
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The current field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The current field's value where it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>The current field's value where it is bytes, text or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Whether the current field's value is bytes, text or a message, and no number.</summary>
    public bool IsBytes { get; private set; }

    /// <summary>Where <see cref="Bytes"/> stands in the file.</summary>
    public long At { get; private set; }

    /// <summary>Whether the file ends before <see cref="Bytes"/> does.</summary>
    public bool IsCut { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Moves to the next field; false at the end.</summary>
    /// <param name="evenCut">Whether a field that the file cuts off is given as far as it goes.</param>
    /// <exception cref="WrongFormException">The bytes are no protobuf message.</exception>
    public bool Next(bool evenCut = false)
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        IsBytes = (tag & 7) == 2;
        switch ((int)(tag & 7))
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                TakeBytes((long)Varint(), evenCut);
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new WrongFormException("", $"has a field of unknown wire type {tag & 7}");
        }
        return Field > 0 ? true : throw new WrongFormException("", "has a field with number 0");
    }

    /// <summary>Moves to the next of numbers that stand packed: varints, or eight bytes each; false at the end.</summary>
    /// <exception cref="WrongFormException">The bytes are no such numbers.</exception>
    public bool NextPacked(bool isVarint)
    {
        if (_rest.IsEmpty)
            return false;
        Number = isVarint ? Varint() : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return true;
    }

    private void TakeBytes(long count, bool evenCut)
    {
        IsCut = evenCut && count > _rest.Length;
        At = at + _length - _rest.Length;
        Bytes = Take(IsCut ? _rest.Length : count);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw new WrongFormException("", "has a number of more than 64 bits");
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length)
            throw new WrongFormException("", "ends inside a field");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
