using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Support;

/// <summary>
/// Spans of one trace, written down as an instrumentation would have exported them: ids count up, a span starts where the last one ended.
/// </summary>
internal sealed class Spans
{
    private readonly List<Span> _spans = [];
    private readonly string _traceId;
    private long _now = 1_790_000_000_000_000_000;

    public Spans(string traceId = RunBuilder.TraceId) => _traceId = traceId;

    public string Scope { get; init; } = "";

    /// <summary>Adds a span below another (or a root) and gives its id.</summary>
    public string Add(string? parent, string name, params (string Name, object? Value)[] attributes)
    {
        var id = (_spans.Count + 1).ToString("x16", CultureInfo.InvariantCulture);
        _spans.Add(
            new Span(_traceId, id, parent, name, _now, _now + 100_000_000)
            {
                Attributes = new([.. attributes.Select(a => KeyValuePair.Create(a.Name, a.Value))]),
                Scope = Scope,
            }
        );
        _now += 100_000_000;
        return id;
    }

    /// <summary>Adds a span that failed.</summary>
    public string Fail(string? parent, string name, string type, string message, params (string Name, object? Value)[] attributes) =>
        Change(
            Add(parent, name, attributes),
            s =>
                s with
                {
                    Status = SpanStatus.Error,
                    Events =
                    [
                        new(
                            "exception",
                            s.EndNanos,
                            new(
                                KeyValuePair.Create("exception.type", (object?)type),
                                KeyValuePair.Create("exception.message", (object?)message)
                            )
                        ),
                    ],
                }
        );

    /// <summary>Changes a span that was added.</summary>
    public string Change(string id, Func<Span, Span> change)
    {
        var i = _spans.FindIndex(s => s.SpanId == id);
        _spans[i] = change(_spans[i]);
        return id;
    }

    /// <summary>Adds an event to a span.</summary>
    public Spans Event(string id, string name, params (string Name, object? Value)[] attributes)
    {
        Change(
            id,
            s =>
                s with
                {
                    Events = [.. s.Events, new(name, s.EndNanos, new([.. attributes.Select(a => KeyValuePair.Create(a.Name, a.Value))]))],
                }
        );
        return this;
    }

    /// <summary>The trace; a parent lasts as long as its children.</summary>
    public Trace Build()
    {
        for (var i = _spans.Count - 1; i >= 0; i--)
        {
            var children = _spans.Where(s => s.ParentSpanId == _spans[i].SpanId).ToArray();
            if (children.Length > 0)
                _spans[i] = _spans[i] with
                {
                    StartNanos = Math.Min(_spans[i].StartNanos, children.Min(c => c.StartNanos)),
                    EndNanos = Math.Max(_spans[i].EndNanos, children.Max(c => c.EndNanos)),
                };
        }
        return new Trace(_traceId, _spans);
    }

    public AgentRun Run() => AgentRuns.Read(Build()).Single();
}
