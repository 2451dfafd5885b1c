using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Replays;

/// <summary>Writes the spans of one schedule's trace: times count from the moment of capture, ids are counted, not drawn.</summary>
/// <param name="seed">What its id is made of.</param>
/// <param name="epochNanos">The beginning, in nanoseconds of the Unix epoch.</param>
internal sealed class ReplaySpans(string seed, long epochNanos)
{
    private int _lastId;

    public ReplaySpans(Fixture fixture, Hypothesis hypothesis)
        : this(fixture.Incident + "\n" + hypothesis.Name, (fixture.CapturedAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100) { }

    public string TraceId { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seed)))[..32];

    public string NewId() => (++_lastId).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A time of the schedule, in ticks since its start, as nanoseconds of the Unix epoch.</summary>
    public long At(long ticks) => epochNanos + (ticks * 100);

    public Span New(string name, string? parent, long start, long end) =>
        new(TraceId, NewId(), parent, name, At(start), At(end)) { Scope = Harness.Scope };

    /// <summary>The span of an attempt.</summary>
    public Span Attempt(int number, string root, long start, long end, string? stopReason) =>
        New($"attempt {number}", root, start, end) with
        {
            Attributes = Attributes(
                ("gen_ai.operation.name", "invoke_agent"),
                (Harness.AttemptName, (long)number),
                (AgentSpan.StopReasonAttribute, stopReason)
            ),
        };

    /// <summary>A span that ended with an error.</summary>
    public Span Failed(Span span, CallError error, long ticks) =>
        span with
        {
            Status = SpanStatus.Error,
            StatusMessage = error.Message,
            Events = [new("exception", At(ticks), Attributes(("exception.type", error.Type), ("exception.message", error.Message)))],
        };

    private static AttributeSet Attributes(params (string Name, object? Value)[] items) =>
        new([.. items.Where(i => i.Value is not null).Select(i => KeyValuePair.Create(i.Name, i.Value))]);
}
