namespace ReplayHarness.Traces.Containers;

/// <summary>
/// The lines of a stream as bytes, without their ends; memory grows with the longest line only, and no further than <see cref="MaxLine"/>.
/// </summary>
internal sealed class LineReader(Stream stream, string source, SpanCollector spans, long first = 1)
{
    /// <summary>The longest line, or document over many lines, that is read.</summary>
    public const int MaxLine = 256 << 20;

    private byte[] _buffer = new byte[64 << 10];
    private int _start,
        _end;
    private bool _eof;

    /// <summary>The number of the line that <see cref="Next"/> returned last, from 1.</summary>
    public long Number { get; private set; } = first - 1;

    /// <summary>The next line, or null at the end. The bytes are valid until the next call.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
                return Take(searched + newline, 1);
            searched = _end - _start;
            if (_eof)
                return searched > 0 ? Take(searched, 0) : default(ReadOnlyMemory<byte>?);
            if (searched >= MaxLine)
            {
                SkipLine();
                searched = 0;
            }
            else
                Fill();
        }
    }

    /// <summary>Everything from the line returned last to the end, for a document that spans lines.</summary>
    /// <exception cref="BadInputException">It is longer than is read.</exception>
    public byte[] Everything(ReadOnlyMemory<byte> line)
    {
        using var all = new MemoryStream();
        all.Write(line.Span);
        all.WriteByte((byte)'\n');
        all.Write(_buffer, _start, _end - _start);
        for (int read; (read = stream.Read(_buffer)) > 0; all.Write(_buffer, 0, read))
            if (all.Length > MaxLine)
                throw new BadInputException(
                    $"{source}: is one document of more than {MaxLine >> 20} MiB, the most that is read at once; write it as "
                        + $"one request a line (for a list: jq -c '.[]' {source})"
                );
        return all.ToArray();
    }

    private ReadOnlyMemory<byte> Take(int length, int skip)
    {
        var line = _buffer.AsMemory(_start, length);
        _start += length + skip;
        Number++;
        return line;
    }

    private void SkipLine()
    {
        Number++;
        spans.Report(
            new(source, Number, null, null, $"the line is longer than {MaxLine >> 20} MiB, the most that is read; it was left out")
        );
        while (!_eof)
        {
            _start = _end = 0;
            Fill();
            var newline = _buffer.AsSpan(0, _end).IndexOf((byte)'\n');
            if (newline < 0)
                continue;
            _start = newline + 1;
            return;
        }
        _start = _end;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            Array.Copy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min((long)_buffer.Length * 2, MaxLine));
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _eof = read == 0;
    }
}
