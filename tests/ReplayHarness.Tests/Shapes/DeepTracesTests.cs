using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Shapes;

/// <summary>Spans that lie within each other without end, as a loop that calls itself makes them.</summary>
public sealed class DeepTracesTests
{
    private const int Many = 100_000;

    [Test]
    public void A_long_chain_is_drawn_to_a_depth_with_its_cause()
    {
        var trace = Chain(Many, failed: i => i == Many - 1);
        var lines = SpanTree.Text(trace).Split('\n');
        Assert.That(lines, Has.Length.InRange(40, 50));
        Assert.That(lines.Max(l => l.Length), Is.LessThan(400));
        Assert.That(lines, Has.One.Contains("… 99,958 span(s) further within").And.One.Contains("<- cause"));
        var rows = Waterfall.Of(trace, 40);
        Assert.That(rows.Count(r => r.Span is null), Is.EqualTo(1));
        Assert.That(rows.Single(r => r.Mark == SpanMark.Cause).Name.Trim(), Is.EqualTo($"step {Many - 1}"));
    }

    // Each failed one is drawn; that takes time in proportion to their number, or this test would take an hour.
    [Test]
    public void A_long_chain_in_which_all_failed()
    {
        var trace = Chain(Many, failed: _ => true, agent: true);
        Assert.That(SpanTree.Lines(trace).Count(), Is.EqualTo(Many));
        Assert.That(AgentRuns.Read(trace), Has.Count.EqualTo(1));
    }

    private static Trace Chain(int length, Func<int, bool> failed, bool agent = false)
    {
        var id = new string('a', 32);
        return new(id, Enumerable.Range(0, length).Select(Step));

        Span Step(int i) =>
            new(id, IdOf(i), i == 0 ? null : IdOf(i - 1), $"step {i}", 1_000_000_000L + i, 3_000_000_000L - i)
            {
                Status = failed(i) ? SpanStatus.Error : SpanStatus.Unset,
                StatusMessage = failed(i) ? "boom" : null,
                Attributes = new(
                    agent || i == 0 ? [KeyValuePair.Create<string, object?>("gen_ai.operation.name", "invoke_agent")]
                    : i == length - 1
                        ?
                        [
                            KeyValuePair.Create<string, object?>("gen_ai.operation.name", "execute_tool"),
                            KeyValuePair.Create<string, object?>("gen_ai.tool.name", "x"),
                        ]
                    : []
                ),
            };
    }

    private static string IdOf(int i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i + 1:x16}");
}
