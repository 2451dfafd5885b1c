using System.Runtime.InteropServices;

namespace ReplayHarness.Traces.Scanning;

/// <summary>Where a span stands in its file.</summary>
/// <param name="Offset">Of its first byte.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Context">Which of the contexts it belongs to.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Posting(long Offset, int Length, int Context);

/// <summary>Where the resource and the scope of a group of spans stand in the file; a length of 0 says there is none.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SpanContext(long ResourceOffset, long ScopeOffset, int ResourceLength, int ScopeLength);

/// <summary>What is known of a trace without reading its spans.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TraceEntry
{
    public UInt128 Id;
    public long StartNanos,
        EndNanos;

    /// <summary>The first of its postings, and how many they are.</summary>
    public int First,
        Spans;

    /// <summary>How many of its spans have the status of an error.</summary>
    public int Failed;

    public int Unused;
}

/// <summary>A trace in which an attribute has a value, by the value's hash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DomainEntry(ulong Hash, int Trace, int Unused);

/// <summary>What a scan of one range of a file has found.</summary>
internal sealed class SpanTable(int keys)
{
    private readonly Dictionary<UInt128, int> _byId = [];

    public List<TraceEntry> Traces { get; } = [];

    /// <summary>Where the spans are, in the order of the file.</summary>
    public List<Posting> Postings { get; } = [];

    /// <summary>Of each posting, which of <see cref="Traces"/> it belongs to.</summary>
    public List<int> TraceOf { get; } = [];

    public List<SpanContext> Contexts { get; } = [];

    /// <summary>Where the lines begin that are left to the referee.</summary>
    public List<long> OddLines { get; } = [];

    /// <summary>For each wanted key, the values seen.</summary>
    public HashSet<DomainEntry>[] Domains { get; } = [.. Enumerable.Range(0, keys).Select(_ => new HashSet<DomainEntry>())];

    public unsafe void Add(in ScannedSpan span, long offset, int length)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_byId, span.TraceId, out var known);
        if (!known)
        {
            index = Traces.Count;
            Traces.Add(
                new()
                {
                    Id = span.TraceId,
                    StartNanos = long.MaxValue,
                    EndNanos = long.MinValue,
                }
            );
        }
        ref var trace = ref CollectionsMarshal.AsSpan(Traces)[index];
        trace.StartNanos = Math.Min(trace.StartNanos, span.StartNanos);
        trace.EndNanos = Math.Max(trace.EndNanos, span.EndNanos);
        if (span.Failed)
            trace.Failed++;
        Postings.Add(new(offset, length, Contexts.Count - 1));
        TraceOf.Add(index);
        for (var rest = span.Seen; rest != 0; rest &= rest - 1)
        {
            var key = System.Numerics.BitOperations.TrailingZeroCount(rest);
            Domains[key].Add(new(span.Wanted[key], index, 0));
        }
    }

    /// <summary>
    /// Leaves a line to the referee: takes back the spans that were read of it. What they said of their traces stays true.
    /// </summary>
    public void Leave(long line, int postings)
    {
        OddLines.Add(line);
        Postings.RemoveRange(postings, Postings.Count - postings);
        TraceOf.RemoveRange(postings, TraceOf.Count - postings);
    }
}
