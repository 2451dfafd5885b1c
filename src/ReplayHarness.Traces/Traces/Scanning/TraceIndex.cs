using System.Runtime.InteropServices;

namespace ReplayHarness.Traces.Scanning;

/// <summary>Which traces a file holds and where their spans are, without the spans.</summary>
internal sealed class TraceIndex
{
    /// <summary>How much of the file it covers, in bytes: whole requests only.</summary>
    public required long Covered { get; init; }

    /// <summary>By start time, then by id.</summary>
    public required TraceEntry[] Traces { get; init; }

    /// <summary>Grouped by trace, each in the order of the file.</summary>
    public required Posting[] Postings { get; init; }

    public required SpanContext[] Contexts { get; init; }

    /// <summary>Lines that only the referee can read, or refuse.</summary>
    public required long[] OddLines { get; init; }

    /// <summary>For each key that was asked for: which traces have which values, by hash.</summary>
    public required SortedDictionary<string, DomainEntry[]> Domains { get; init; }

    /// <summary>Puts what was found in the ranges of a file together, after what an index of its beginning knows.</summary>
    public static TraceIndex Build(TraceIndex? before, SpanTable[] tables, WantedKeys keys, long covered)
    {
        var byId = new Dictionary<UInt128, int>();
        var traces = new List<TraceEntry>();
        var maps = tables.Select(t => Merge(t.Traces, byId, traces)).ToArray();
        var beforeMap = before is null ? [] : Merge(before.Traces, byId, traces);
        var order = Enumerable.Range(0, traces.Count).OrderBy(i => traces[i].StartNanos).ThenBy(i => traces[i].Id).ToArray();
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            rank[order[i]] = i;
        var entries = Array.ConvertAll(order, i => traces[i] with { Spans = 0 });
        var index = new TraceIndex
        {
            Covered = covered,
            Traces = entries,
            Postings = new Posting[tables.Sum(t => t.Postings.Count) + (before?.Postings.Length ?? 0)],
            Contexts = [.. before?.Contexts ?? [], .. tables.SelectMany(t => t.Contexts)],
            OddLines = [.. before?.OddLines ?? [], .. tables.SelectMany(t => t.OddLines)],
            Domains = new(StringComparer.Ordinal),
        };
        index.Place(before, beforeMap, tables, maps, rank);
        for (var k = 0; k < keys.Count; k++)
        {
            var found = tables.SelectMany((t, i) => t.Domains[k].Select(d => d with { Trace = rank[maps[i][d.Trace]] }));
            IEnumerable<DomainEntry> known =
                before is not null && before.Domains.TryGetValue(keys.Names[k], out var old)
                    ? old.Select(d => d with { Trace = rank[beforeMap[d.Trace]] })
                    : [];
            index.Domains[keys.Names[k]] = [.. found.Concat(known).Distinct().OrderBy(d => d.Hash).ThenBy(d => d.Trace)];
        }
        return index;
    }

    /// <summary>The traces in which a key has a value of this text, and perhaps some others (hashes may coincide).</summary>
    public IEnumerable<int> Find(string key, string value)
    {
        // Of a key that was not noted, any trace may have the value.
        if (!Domains.TryGetValue(key, out var entries))
            return Enumerable.Range(0, Traces.Length);
        var hash = WantedKeys.Hash(value);
        var first = Array.BinarySearch(entries, new DomainEntry(hash, -1, 0), s_byHash);
        return entries.Skip(first < 0 ? ~first : first).TakeWhile(e => e.Hash == hash).Select(e => e.Trace);
    }

    private static readonly Comparer<DomainEntry> s_byHash = Comparer<DomainEntry>.Create(
        (a, b) => a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash) : a.Trace.CompareTo(b.Trace)
    );

    private static int[] Merge(IReadOnlyList<TraceEntry> found, Dictionary<UInt128, int> byId, List<TraceEntry> traces)
    {
        var map = new int[found.Count];
        for (var i = 0; i < map.Length; i++)
        {
            var trace = found[i];
            ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(byId, trace.Id, out var known);
            if (!known)
            {
                at = traces.Count;
                traces.Add(trace);
            }
            else
            {
                ref var all = ref CollectionsMarshal.AsSpan(traces)[at];
                all.StartNanos = Math.Min(all.StartNanos, trace.StartNanos);
                all.EndNanos = Math.Max(all.EndNanos, trace.EndNanos);
                all.Failed += trace.Failed;
            }
            map[i] = at;
        }
        return map;
    }

    // Counts, then places: each trace's postings together, in the order of the file.
    private void Place(TraceIndex? before, int[] beforeMap, SpanTable[] tables, int[][] maps, int[] rank)
    {
        if (before is not null)
            for (var t = 0; t < before.Traces.Length; t++)
                Traces[rank[beforeMap[t]]].Spans += before.Traces[t].Spans;
        for (var i = 0; i < tables.Length; i++)
            foreach (var trace in tables[i].TraceOf)
                Traces[rank[maps[i][trace]]].Spans++;
        var next = new int[Traces.Length];
        for (var t = 0; t < Traces.Length; t++)
        {
            Traces[t].First = t == 0 ? 0 : Traces[t - 1].First + Traces[t - 1].Spans;
            next[t] = Traces[t].First;
        }
        for (var t = 0; t < (before?.Traces.Length ?? 0); t++)
            foreach (var posting in before!.PostingsOf(t))
                Postings[next[rank[beforeMap[t]]]++] = posting;
        var context = before?.Contexts.Length ?? 0;
        for (var i = 0; i < tables.Length; context += tables[i++].Contexts.Count)
        for (var p = 0; p < tables[i].Postings.Count; p++)
            Postings[next[rank[maps[i][tables[i].TraceOf[p]]]]++] = tables[i].Postings[p] with
            {
                Context = tables[i].Postings[p].Context + context,
            };
    }

    /// <summary>Whether everything points to where something is: an index from a file is data.</summary>
    public bool IsSound() =>
        Array.TrueForAll(Traces, t => t.First >= 0 && t.Spans >= 0 && (long)t.First + t.Spans <= Postings.Length)
        && Array.TrueForAll(
            Postings,
            p => p.Offset >= 0 && p.Length >= 0 && p.Offset + p.Length <= Covered && (uint)p.Context < Contexts.Length
        )
        && Array.TrueForAll(
            Contexts,
            c =>
                c.ResourceLength >= 0
                && c.ScopeLength >= 0
                && c.ResourceOffset + c.ResourceLength <= Covered
                && c.ScopeOffset + c.ScopeLength <= Covered
        )
        && Domains.Values.All(entries => Array.TrueForAll(entries, d => (uint)d.Trace < Traces.Length));

    /// <summary>Where a trace's spans are.</summary>
    public ReadOnlySpan<Posting> PostingsOf(int trace) => Postings.AsSpan(Traces[trace].First, Traces[trace].Spans);
}
