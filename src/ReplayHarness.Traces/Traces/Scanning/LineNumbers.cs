namespace ReplayHarness.Traces.Scanning;

/// <summary>The numbers of lines by where they begin, asked for in the order of the file.</summary>
internal sealed class LineNumbers(Stream stream)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private long _position;
    private long _lines;

    /// <summary>The number, from 1, of the line that begins at a place.</summary>
    public long At(long offset)
    {
        stream.Position = _position;
        while (_position < offset)
        {
            var read = stream.Read(_buffer, 0, (int)Math.Min(_buffer.Length, offset - _position));
            if (read == 0)
                break;
            _lines += _buffer.AsSpan(0, read).Count((byte)'\n');
            _position += read;
        }
        return _lines + 1;
    }
}
