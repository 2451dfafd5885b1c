using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>
/// One run in many traces: a session joins it, or the time of the one agent that could have made the calls; nothing else does.
/// </summary>
public sealed class StitchingTests
{
    private static Trace Part(int id, double start, double seconds, string operation, string? session)
    {
        var spans = new Spans(id.ToString("x32", System.Globalization.CultureInfo.InvariantCulture));
        var span = spans.Add(
            null,
            operation,
            ("gen_ai.operation.name", operation),
            ("gen_ai.tool.name", operation == "execute_tool" ? "read" : null),
            ("session.id", session)
        );
        spans.Change(
            span,
            s =>
                s with
                {
                    SpanId = id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
                    StartNanos = (long)(start * 1e9),
                    EndNanos = (long)((start + seconds) * 1e9),
                }
        );
        return spans.Build();
    }

    [Test]
    public void A_session_joins()
    {
        var runs = AgentRuns.Read([
            Part(1, 0, 1, "chat", "s"),
            Part(2, 1, 1, "execute_tool", "s"),
            Part(3, 2, 1, "chat", "s"),
            Part(4, 0, 1, "chat", "t"),
        ]);
        Assert.That(
            runs.Select(r => (r.Stitched, r.TraceIds.Count(), r.ToolCalls.Count())),
            Is.EquivalentTo(new[] { ("3 traces by session.id=s", 3, 1), ((string?)null, 1, 0) })
        );
    }

    [Test]
    public void The_time_of_one_agent_joins_but_not_that_of_two_at_once()
    {
        Trace[] one = [Part(1, 0, 10, "invoke_agent", null), Part(2, 1, 1, "chat", null), Part(3, 2, 1, "execute_tool", null)];
        Assert.That(AgentRuns.Read(one).Single().Stitched, Is.EqualTo("3 traces by the time of invoke_agent"));
        Trace[] two = [.. one, Part(4, 1.5, 20, "invoke_agent", null)];
        Assert.That(AgentRuns.Read(two).Select(r => r.Stitched), Is.All.Null);
    }

    [Test]
    public void Whole_runs_of_one_session_stay_apart()
    {
        Trace Whole(string id)
        {
            var spans = new Spans(id);
            var agent = spans.Add(null, "invoke_agent", ("gen_ai.operation.name", "invoke_agent"), ("session.id", "s"));
            spans.Add(agent, "chat", ("gen_ai.operation.name", "chat"), ("session.id", "s"));
            return spans.Build();
        }
        Assert.That(
            AgentRuns.Read([Whole(new string('1', 32)), Whole(new string('2', 32))]).Select(r => r.Stitched),
            Is.EqualTo(new string?[] { null, null })
        );
    }
}
