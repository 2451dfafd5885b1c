using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace ReplayHarness.Traces.Scanning;

/// <summary>
/// Scans ranges of a file of OTLP/JSON requests, one a line, resuming between spans: one span at a time has to fit into the buffer, which
/// fits into a core's cache. A line that surprises it is left to the referee.
/// </summary>
internal sealed unsafe partial class OtlpJsonScanner(SafeFileHandle file, long length, WantedKeys keys) : IDisposable
{
    // What the scanner is in: a line, or a list or object of the request at that depth.
    private enum Level
    {
        Line,
        Request,
        ResourceList,
        Resource,
        ScopeList,
        Scope,
        SpanList,
    }

    private Level _level;
    private bool _lineEnded;
    private long _line;
    private int _postingsBefore;
    private bool _isRequest,
        _resourceUsed,
        _scopeUsed;
    private SpanContext _context;
    private ScannedSpan _resourceWanted;
    private SpanTable _table = new(0);

    /// <summary>Scans the lines that begin in a range, and says where the first of them begins: further ranges may hold none.</summary>
    public long Scan(long from, long to, SpanTable table)
    {
        _table = table;
        Seek(Math.Max(0, from - 1));
        (_level, _lineEnded) = (Level.Line, true);
        if (from > 0 && !SkipLine())
            return length;
        var first = Position;
        while (true)
        {
            if (_end - _at < LeastAhead && !_eof)
                Fill();
            var element = _at;
            try
            {
                while (_end - _at >= LeastAhead || _eof)
                {
                    element = _at;
                    if (!Step(to))
                        return first;
                }
            }
            catch (SurpriseException)
            {
                _at = element;
                // Within a line, no more bytes can help.
                if (_eof || _capacity >= MaxElement || new ReadOnlySpan<byte>(_at, (int)(_end - _at)).IndexOf((byte)'\n') >= 0)
                {
                    if (!LeaveLine())
                        return first;
                }
                else if (_at > _buffer)
                    Fill();
                else
                    Grow();
            }
        }
    }

    // One element: a span, a member, or a step into or out of a list. False at the end of the range.
    private bool Step(long to)
    {
        while (_at < _end && *_at <= ' ')
            _lineEnded |= *_at++ == '\n';
        // A request ends with its line.
        if (_lineEnded && _level != Level.Line)
            throw SurpriseException.Instance;
        if (_at >= _end)
            return _eof
                ? _level == Level.Line
                    ? false
                    : throw SurpriseException.Instance
                : true;
        if (_level == Level.Line)
            return StartLine(to);
        if (*_at == ',')
        {
            _at++;
            return true;
        }
        switch (_level)
        {
            case Level.SpanList when *_at != ']':
                ReadSpan();
                break;
            case Level.ResourceList or Level.ScopeList or Level.SpanList when *_at == ']':
                _level--;
                _at++;
                break;
            case Level.ResourceList or Level.ScopeList when *_at == '{':
                Enter();
                break;
            case Level.Request or Level.Resource or Level.Scope when *_at == '}':
                if (_level == Level.Request && !_isRequest)
                    throw SurpriseException.Instance;
                _level--;
                _at++;
                break;
            case Level.Request or Level.Resource or Level.Scope:
                ReadMember();
                break;
            default:
                throw SurpriseException.Instance;
        }
        return Bounded();
    }

    private bool Bounded() => _at <= _end ? true : throw SurpriseException.Instance;

    private bool StartLine(long to)
    {
        if (Position >= to)
            return false;
        // A second value in a line makes the whole line odd.
        if (_lineEnded)
            (_line, _postingsBefore) = (Position, _table.Postings.Count);
        if (*_at != '{' || !_lineEnded)
            throw SurpriseException.Instance;
        (_level, _lineEnded, _isRequest) = (Level.Request, false, false);
        _at++;
        return true;
    }

    private void Enter()
    {
        if (_level == Level.ResourceList)
            (_context, _resourceWanted, _resourceUsed) = (default, default, false);
        else
            _context = _context with { ScopeOffset = 0, ScopeLength = 0 };
        _scopeUsed = false;
        _level++;
        _at++;
    }

    private void ReadMember()
    {
        var value = JsonText.Name(_at, out var name, out var length);
        var key = new ReadOnlySpan<byte>(name, length);
        _isRequest |=
            _level == Level.Request
            && (key.SequenceEqual("resourceSpans"u8) || key.SequenceEqual("resourceLogs"u8) || key.SequenceEqual("resourceMetrics"u8));
        if (_level == Level.Request && key.SequenceEqual("resourceSpans"u8))
            EnterList(value);
        else if (_level == Level.Resource && key.SequenceEqual("scopeSpans"u8))
            EnterList(value);
        else if (_level == Level.Scope && key.SequenceEqual("spans"u8))
        {
            EnterList(value);
            _table.Contexts.Add(_context);
            (_resourceUsed, _scopeUsed) = (true, true);
        }
        else if (_level == Level.Resource && key.SequenceEqual("resource"u8))
            ReadResource(value);
        else if (_level == Level.Scope && key.SequenceEqual("scope"u8))
            ReadScope(value);
        // Other spellings, and lists in another order, are the referee's.
        else if (
            key.IndexOf((byte)'\\') >= 0
            || key.IndexOf("pans"u8) >= 0
            || key.SequenceEqual("batches"u8)
            || key.SequenceEqual("instrumentationLibrary"u8)
        )
            throw SurpriseException.Instance;
        else
            _at = JsonText.Value(value);
    }

    private void EnterList(byte* value)
    {
        if (*value != '[')
            throw SurpriseException.Instance;
        _at = value + 1;
        _level++;
    }

    private void ReadResource(byte* value)
    {
        var end = JsonText.Value(value);
        if (_resourceUsed || end > _end)
            throw SurpriseException.Instance;
        _context = _context with { ResourceOffset = _offset + (value - _buffer), ResourceLength = (int)(end - value) };
        if (keys.Count > 0)
            ReadResourceAttributes(value);
        _at = end;
    }

    private void ReadResourceAttributes(byte* p)
    {
        p = JsonText.Open(p, (byte)'{', out var isEmpty);
        if (isEmpty)
            return;
        do
        {
            p = JsonText.Name(p, out var name, out var length);
            p = new ReadOnlySpan<byte>(name, length).SequenceEqual("attributes"u8)
                ? SpanScan.Attributes(p, keys, ref _resourceWanted)
                : JsonText.Value(p);
        } while (JsonText.Next(ref p, (byte)'}'));
    }

    private void ReadScope(byte* value)
    {
        var end = JsonText.Value(value);
        if (_scopeUsed || end > _end)
            throw SurpriseException.Instance;
        _context = _context with { ScopeOffset = _offset + (value - _buffer), ScopeLength = (int)(end - value) };
        _at = end;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadSpan()
    {
        var span = _resourceWanted;
        var end = SpanScan.Read(_at, keys, ref span);
        if (end > _end)
            throw SurpriseException.Instance;
        _table.Add(span, Position, (int)(end - _at));
        _at = end;
    }

    private bool LeaveLine()
    {
        _table.Leave(_line, _postingsBefore);
        // Past the end of the line before, which the step had begun with.
        if (_line > Position)
            _at = _buffer + (_line - _offset);
        (_level, _lineEnded) = (Level.Line, true);
        return SkipLine();
    }
}
