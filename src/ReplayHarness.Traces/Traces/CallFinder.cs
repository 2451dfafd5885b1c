using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>A span that stands for a call, and how to read it.</summary>
/// <param name="Span">The span.</param>
/// <param name="Dialect">Its dialect.</param>
/// <param name="Seen">Spans of the same call that other instrumentations, or other layers, wrote.</param>
internal sealed record FoundCall(Span Span, Dialect Dialect, List<FoundCall> Seen)
{
    // A store may have taken content out of a span's attributes, and keep it under names of its own.
    private bool IsKept => Dialect != DialectTable.Store && DialectTable.Store.Recognises(Span);

    /// <summary>What the span says, or else what another span of the same call says.</summary>
    public T? Read<T>(Func<Dialect, Span, T?> read)
        where T : class =>
        read(Dialect, Span)
        ?? (IsKept ? read(DialectTable.Store, Span) : null)
        ?? Seen.Select(s => read(s.Dialect, s.Span)).FirstOrDefault(v => v is not null);
}

/// <summary>Finds the calls among the spans of a run: each once, however many spans tell of it.</summary>
internal sealed class CallFinder(Trace trace, IReadOnlyList<Span> spans)
{
    private readonly Dictionary<string, FoundCall> _all = new(StringComparer.Ordinal);

    public IReadOnlyList<FoundCall> Of(SpanRole role)
    {
        List<FoundCall> found = [];
        foreach (var span in spans)
        {
            if (trace.DialectOf(span) is { } dialect && dialect.RoleOf(span) == role)
                found.Add(_all[span.SpanId] = new(span, dialect, []));
        }
        JoinEvents(found);
        foreach (var wrapper in found.FindAll(call => Wrapped(call, found).Any()))
        {
            // What holds one call only may say what the call leaves out.
            if (Wrapped(wrapper, found).ToArray() is [var only])
                only.Seen.Add(wrapper);
            found.Remove(wrapper);
            _all.Remove(wrapper.Span.SpanId);
        }
        found.RemoveAll(call => Fold(SameCallAbove(call, role), call) || call.Dialect.IsPartOfCall(call.Span));
        List<FoundCall> calls = [];
        foreach (var call in found)
            if (!Fold(calls.FindLast(c => IsTwin(c, call, role)), call))
                calls.Add(call);
        return calls;
    }

    // The calls that are events: one that lasts from the first to the last of them, and has what all of them say.
    private void JoinEvents(List<FoundCall> found)
    {
        foreach (
            var events in found
                .Where(c => c.Dialect.EventOf(c.Span) is not null)
                .GroupBy(c => (c.Dialect, c.Span.ParentSpanId, c.Dialect.EventOf(c.Span)!.Value.Of))
                .ToArray()
        )
        foreach (var call in CallEvents.Calls(events))
        {
            foreach (var other in call.Skip(1))
            {
                found.Remove(other);
                _all.Remove(other.Span.SpanId);
            }
            var joined = call[0] with { Span = CallEvents.Joined([.. call.Select(e => e.Span)]) };
            found[found.IndexOf(call[0])] = _all[joined.Span.SpanId] = joined;
        }
    }

    // The calls that a span wraps, where the innermost is the call.
    private IEnumerable<FoundCall> Wrapped(FoundCall wrapper, List<FoundCall> all) =>
        !wrapper.Dialect.InnermostModelIsTheCall || wrapper.Dialect.RoleOf(wrapper.Span) != SpanRole.Model
            ? []
            : all.Where(c =>
                c.Dialect == wrapper.Dialect && c != wrapper && trace.AncestorsOf(c.Span).Any(a => a.SpanId == wrapper.Span.SpanId)
            );

    // Two instrumentations may record one call: the inner span is of the same tool, or of the same model, as a span above it with no call
    // of another type between.
    private FoundCall? SameCallAbove(FoundCall call, SpanRole role)
    {
        foreach (var above in trace.AncestorsOf(call.Span))
        {
            if (trace.DialectOf(above) is not { } other || other.TellsAll != call.Dialect.TellsAll)
                continue;
            var otherRole = other.RoleOf(above);
            if (otherRole == Opposite(role))
                return null;
            if (otherRole != role || !_all.ContainsKey(above.SpanId))
                continue;
            if (call.Dialect.IsPartOfCall(call.Span))
                return other == call.Dialect && !other.IsPartOfCall(above) ? _all[above.SpanId] : null;
            // Who starts an agent like itself makes a call like its own, with another id.
            if (other == call.Dialect && (other.CallId(above), call.Dialect.CallId(call.Span)) is ({ } one, { } another) && one != another)
                return null;
            var same =
                role == SpanRole.Model
                || other.ToolName(above) == call.Dialect.ToolName(call.Span)
                || (other == call.Dialect && call.Dialect.IsNameless(call.Span))
                || (call.Dialect.CallId(call.Span) is { } id && other.CallId(above) == id);
            return same ? _all[above.SpanId] : null;
        }
        return null;
    }

    private static SpanRole Opposite(SpanRole role) => role == SpanRole.Model ? SpanRole.Tool : SpanRole.Model;

    // Two callbacks write siblings: spans of different instrumentations, one of which lies within the other's time.
    private bool IsTwin(FoundCall a, FoundCall b, SpanRole role) =>
        a.Span.Scope != b.Span.Scope
        && a.Dialect != b.Dialect
        && (Within(a.Span, b.Span) || Within(b.Span, a.Span))
        && trace.ParentOf(a.Span) is { } parent
        && trace.ParentOf(b.Span) == parent
        && (role == SpanRole.Model || a.Dialect.ToolName(a.Span) == b.Dialect.ToolName(b.Span));

    private static bool Within(Span inner, Span outer) =>
        inner.StartNanos >= outer.StartNanos && inner.EndNanos <= outer.EndNanos && outer.EndNanos > outer.StartNanos;

    private static bool Fold(FoundCall? same, FoundCall call)
    {
        same?.Seen.Add(call);
        return same is not null;
    }
}
