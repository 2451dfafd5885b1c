using ReplayHarness.Replays;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Replays;

/// <summary>Equal traces are judged once. What differs in anything is judged by itself: a wrong match would be a wrong verdict.</summary>
public sealed class JudgedTracesTests
{
    private static readonly Span s_span = new("trace", "span", "parent", "chat", 10, 20)
    {
        Status = SpanStatus.Error,
        StatusMessage = "it failed",
        Kind = 1,
        Attributes = Attributes("gen_ai.tool.name", "read"),
        Events = [new("exception", 15, Attributes("exception.type", "TimeoutError"))],
        Resource = Attributes("service.name", "mail"),
        Scope = "agent",
        ScopeVersion = "1",
        TraceState = "a=b",
        Flags = 1,
        Dropped = new(1, 2, 3),
    };

    private static IEnumerable<TestCaseData> Others()
    {
        yield return Case("span id", s_span with { SpanId = "other" });
        yield return Case("parent", s_span with { ParentSpanId = null });
        yield return Case("name", s_span with { Name = "invoke" });
        yield return Case("start", s_span with { StartNanos = 11 });
        yield return Case("end", s_span with { EndNanos = 21 });
        yield return Case("status", s_span with { Status = SpanStatus.Ok });
        yield return Case("message", s_span with { StatusMessage = "it failed again" });
        yield return Case("kind", s_span with { Kind = 2 });
        yield return Case("attribute's value", s_span with { Attributes = Attributes("gen_ai.tool.name", "write") });
        yield return Case("attribute's type", s_span with { Attributes = Attributes("gen_ai.tool.name", 1L) });
        yield return Case("attribute's name", s_span with { Attributes = Attributes("tool", "read") });
        yield return Case("value within a list", s_span with { Attributes = Attributes("gen_ai.tool.name", new object?[] { "read" }) });
        yield return Case("event's time", s_span with { Events = [s_span.Events[0] with { TimeNanos = 16 }] });
        yield return Case("event's attributes", s_span with { Events = [s_span.Events[0] with { Attributes = AttributeSet.None }] });
        yield return Case("events", s_span with { Events = [] });
        yield return Case("resource", s_span with { Resource = AttributeSet.None });
        yield return Case("scope", s_span with { Scope = "other" });
        yield return Case("state", s_span with { TraceState = "" });
        yield return Case("flags", s_span with { Flags = 0 });
        yield return Case("dropped", s_span with { Dropped = default });
    }

    [Test]
    public void Equal_traces_have_one_judgement()
    {
        var judged = new JudgedTraces(ReplayHarness.Shapes.RunKnowledge.None);
        var copy = s_span with { Attributes = Attributes("gen_ai.tool.name", "read") };
        Assert.That(judged.Of("trace", [copy]), Is.SameAs(judged.Of("trace", [s_span])));
    }

    [TestCaseSource(nameof(Others))]
    public void What_differs_in_anything_has_its_own(Span other)
    {
        var judged = new JudgedTraces(ReplayHarness.Shapes.RunKnowledge.None);
        Assert.That(judged.Of("trace", [other]), Is.Not.SameAs(judged.Of("trace", [s_span])));
        Assert.That(judged.Of("trace", [s_span, s_span with { SpanId = "second" }]), Is.Not.SameAs(judged.Of("trace", [s_span])));
    }

    private static TestCaseData Case(string what, Span span) => new TestCaseData(span).SetArgDisplayNames(what);

    private static AttributeSet Attributes(string name, object? value) => new([KeyValuePair.Create(name, value)]);
}
