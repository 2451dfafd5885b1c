using ReplayHarness.Traces;

namespace ReplayHarness.Server.Driving;

/// <summary>Keeps the spans that the agent sends during one schedule.</summary>
internal sealed class SpanSink : ILineSink
{
    private const int MaxBytes = 64 << 20;

    private readonly Lock _gate = new();
    private readonly MemoryStream _lines = new();

    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_lines.Length + line.Length > MaxBytes)
                throw new InvalidDataException($"the agent's spans of one run are larger than {MaxBytes >> 20} MiB, the most that is kept");
            _lines.Write(line);
        }
    }

    /// <summary>The traces that were sent since the last time.</summary>
    public IReadOnlyList<Trace> Take()
    {
        lock (_gate)
        {
            if (_lines.Length == 0)
                return [];
            _lines.Position = 0;
            var traces = TraceFiles.Load(_lines, "the agent's spans").Traces;
            _lines.SetLength(0);
            return traces;
        }
    }
}
