using System.Globalization;
using Bogus;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Shapes;

/// <summary>
/// A shape speaks of the failure, not of how the agent is written: refactoring the trace changes no fingerprint, changing the failure does.
/// Real traces are changed at random, from a fixed seed.
/// </summary>
public sealed class MetamorphicTests
{
    private const int Seed = 20_261_121;

    private static IEnumerable<TestCaseData> Failures() =>
        from file in Data.AllFiles()
        from trace in Data.Load(file)
        where AgentRuns.Read(trace).Count == 1 && trace.Spans.Count > 1
        select new TestCaseData(trace).SetArgDisplayNames($"{Path.GetFileName(Path.GetDirectoryName(file))} {trace.TraceId[..8]}");

    [TestCaseSource(nameof(Failures))]
    public void Renaming_spans_changes_nothing(object trace) =>
        Unchanged((Trace)trace, (spans, faker) => spans.Select(s => NameIsMeaning(s) ? s : s with { Name = faker.Hacker.Phrase() }));

    [TestCaseSource(nameof(Failures))]
    public void Wrapping_spans_changes_nothing(object trace) =>
        Unchanged(
            (Trace)trace,
            (spans, faker) =>
            {
                var wrapped = faker.PickRandom(spans.Where(s => Calls((Trace)trace).Contains(s.SpanId)));
                var wrapper = new Span(
                    wrapped.TraceId,
                    "aaaaaaaaaaaaaaaa",
                    wrapped.ParentSpanId,
                    faker.Hacker.Verb(),
                    wrapped.StartNanos,
                    wrapped.EndNanos
                )
                {
                    Scope = "wrapper",
                };
                return spans.Select(s => s.SpanId == wrapped.SpanId ? s with { ParentSpanId = wrapper.SpanId } : s).Append(wrapper);
            }
        );

    [TestCaseSource(nameof(Failures))]
    public void Adding_spans_changes_nothing(object trace) =>
        Unchanged(
            (Trace)trace,
            (spans, faker) =>
            {
                var parent = faker.PickRandom<Span>(spans);
                return spans.Append(
                    new Span(parent.TraceId, "bbbbbbbbbbbbbbbb", parent.SpanId, faker.Hacker.Noun(), parent.StartNanos, parent.EndNanos)
                    {
                        Scope = "added",
                    }
                );
            }
        );

    [TestCaseSource(nameof(Failures))]
    public void Shifting_clocks_changes_nothing(object trace) =>
        Unchanged(
            (Trace)trace,
            (spans, faker) =>
            {
                var shift = faker.Random.Long(-1_000_000, 1_000_000) * 1_000_000_000;
                return spans.Select(s =>
                    s with
                    {
                        StartNanos = s.StartNanos + shift,
                        EndNanos = s.EndNanos + shift,
                        Events = [.. s.Events.Select(e => e with { TimeNanos = e.TimeNanos + shift })],
                    }
                );
            }
        );

    [TestCaseSource(nameof(Failures))]
    public void Other_ids_change_nothing(object trace) =>
        Unchanged(
            (Trace)trace,
            (spans, faker) =>
            {
                // Ids decide the order of spans that start at once: siblings are permuted with them.
                var ids = spans.ToDictionary(
                    s => s.SpanId,
                    _ => faker.Random.Hexadecimal(16, "").ToLower(CultureInfo.InvariantCulture),
                    StringComparer.Ordinal
                );
                return spans.Select(s =>
                    s with
                    {
                        SpanId = ids[s.SpanId],
                        ParentSpanId = s.ParentSpanId is null ? null : ids.GetValueOrDefault(s.ParentSpanId, s.ParentSpanId),
                    }
                );
            }
        );

    [Test]
    public void Which_of_two_siblings_lost_changes_nothing()
    {
        var error = ("TimeoutError", "timed out");
        var first = new RunBuilder { RootError = error }
            .Model(0, 1)
            .Tool("read", 1, 60.8, error, "{\"id\":1}")
            .Tool("read", 1, 1.1, null, "{\"id\":2}");
        var second = new RunBuilder { RootError = error }
            .Model(0, 1)
            .Tool("read", 1, 1.1, null, "{\"id\":1}")
            .Tool("read", 1, 60.8, error, "{\"id\":2}");
        Assert.That(second.Inspect().Shape.Fingerprint, Is.EqualTo(first.Inspect().Shape.Fingerprint));
    }

    private static IEnumerable<TestCaseData> OtherFailures()
    {
        yield return Other(
            "another tool",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("write", 1, 3.3, s_timeout)
        );
        yield return Other(
            "another error class",
            new RunBuilder { RootError = s_refused }
                .Model(0, 1)
                .Tool("read", 1, 3.3, s_refused)
        );
        yield return Other("the run survives", new RunBuilder().Model(0, 1).Tool("read", 1, 3.3, s_timeout).Model(6, 1));
        yield return Other(
            "a sibling is lost too",
            new RunBuilder { RootError = s_timeout }
                .Model(0, 1)
                .Tool("list", 1, 3)
                .Tool("read", 1, 3.3, s_timeout)
        );

        static TestCaseData Other(string name, RunBuilder run) => new TestCaseData(run).SetArgDisplayNames(name);
    }

    private static readonly (string, string) s_timeout = ("TimeoutError", "timed out");
    private static readonly (string, string) s_refused = ("ConnectionRefusedError", "connection refused");

    [TestCaseSource(nameof(OtherFailures))]
    public void Another_failure_has_another_fingerprint(object run)
    {
        var original = new RunBuilder { RootError = s_timeout }
            .Model(0, 1)
            .Tool("read", 1, 3.3, s_timeout)
            .Inspect()
            .Shape;
        Assert.That(((RunBuilder)run).Inspect().Shape.Fingerprint, Is.Not.EqualTo(original.Fingerprint));
    }

    private static void Unchanged(Trace trace, Func<IReadOnlyList<Span>, Faker, IEnumerable<Span>> change)
    {
        var expected = RunBuilder.Inspect(trace).Shape;
        var faker = new Faker { Random = new Randomizer(Seed) };
        for (var i = 0; i < 5; i++)
            Assert.That(
                RunBuilder.Inspect(new Trace(trace.TraceId, change(trace.Spans, faker))).Shape.ToString(),
                Is.EqualTo(expected.ToString())
            );
    }

    private static HashSet<string> Calls(Trace trace) =>
        [
            .. AgentRuns
                .Read(trace)
                .SelectMany(r =>
                    r.ToolCalls.Select(c => c.Span.SpanId).Concat(r.ModelCalls.SelectMany(m => m.Attempts).Select(s => s.SpanId))
                ),
        ];

    // Instrumentations that carry a role in nothing but the span's name.
    // Some instrumentations write the tool's name nowhere else.
    private static bool NameIsMeaning(Span span) =>
        span.Name.StartsWith("ai.", StringComparison.Ordinal)
        || span.Scope == "gcp.vertex.agent"
        || span.Attributes.Has("langfuse.observation.type");
}
