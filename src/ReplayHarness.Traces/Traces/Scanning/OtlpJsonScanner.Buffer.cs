using System.Runtime.InteropServices;

namespace ReplayHarness.Traces.Scanning;

/// <summary>The scanner's window on the file.</summary>
internal sealed unsafe partial class OtlpJsonScanner
{
    private const int Capacity = 512 << 10;
    private const int LeastAhead = 64 << 10;
    private const int MaxElement = 64 << 20;

    private byte* _buffer = (byte*)NativeMemory.AlignedAlloc(Capacity + JsonText.Padding, 4096);
    private int _capacity = Capacity;
    private byte* _at,
        _end;
    private long _offset;
    private bool _eof;

    private long Position => _offset + (_at - _buffer);

    // Past the next line end; false at the end of the file.
    private bool SkipLine()
    {
        while (true)
        {
            var newline = new ReadOnlySpan<byte>(_at, (int)(_end - _at)).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                _at += newline + 1;
                return true;
            }
            if (_eof)
                return false;
            _at = _end;
            Fill();
        }
    }

    private void Seek(long offset)
    {
        _offset = offset;
        _at = _end = _buffer;
        _eof = false;
        Fill();
    }

    // Moves what is left to the front and reads on.
    private void Fill()
    {
        var left = (int)(_end - _at);
        if (left > 0 && _at != _buffer)
            Buffer.MemoryCopy(_at, _buffer, _capacity, left);
        _offset += _at - _buffer;
        _at = _buffer;
        _end = _buffer + left;
        while (_end < _buffer + _capacity && _offset + (_end - _buffer) < length)
        {
            var want = (int)Math.Min(_capacity - (_end - _buffer), length - (_offset + (_end - _buffer)));
            var read = RandomAccess.Read(file, new Span<byte>(_end, want), _offset + (_end - _buffer));
            if (read == 0)
                break;
            _end += read;
        }
        _eof = _end < _buffer + _capacity || _offset + (_end - _buffer) >= length;
        JsonText.Pad(_end);
    }

    private void Grow()
    {
        var larger = (byte*)NativeMemory.AlignedAlloc((nuint)(_capacity * 2) + JsonText.Padding, 4096);
        var left = (int)(_end - _at);
        Buffer.MemoryCopy(_at, larger, _capacity * 2, left);
        _offset += _at - _buffer;
        NativeMemory.AlignedFree(_buffer);
        _buffer = _at = larger;
        _end = larger + left;
        _capacity *= 2;
        Fill();
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_buffer);
        _buffer = null;
        GC.SuppressFinalize(this);
    }

    ~OtlpJsonScanner() => NativeMemory.AlignedFree(_buffer);
}
