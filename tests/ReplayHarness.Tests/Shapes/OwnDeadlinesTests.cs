using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Shapes;

/// <summary>A call that its own deadline cancelled timed out; one that another cancelled did not.</summary>
public sealed class OwnDeadlinesTests
{
    private static readonly (string, string) s_cancelled = ("System.Threading.Tasks.TaskCanceledException", "A task was canceled.");
    private static readonly (string, string) s_failed = ("System.InvalidOperationException", "The line carries a request already.");

    [TestCase(30.03, "timeout")]
    [TestCase(60, "timeout")]
    [TestCase(100.9, "timeout")]
    [TestCase(5.05, "timeout")]
    [TestCase(2.05, "cancelled", TestName = "At 2 s: chance")]
    [TestCase(40.05, "cancelled", TestName = "At 40 s: nobody sets that")]
    [TestCase(31.2, "cancelled", TestName = "Too long after 30 s")]
    [TestCase(29.9, "cancelled", TestName = "Before 30 s")]
    [TestCase(0.5, "cancelled", TestName = "Too short to tell")]
    public void Alone(double seconds, string expected) =>
        Assert.That(Of(Run().Tool("read", 1, seconds, s_cancelled)), Is.EqualTo(expected));

    [TestCase(5, "cancelled", TestName = "A sibling failed before")]
    [TestCase(30, "cancelled", TestName = "A sibling failed at that moment")]
    [TestCase(30.1, "cancelled", TestName = "The span of the sibling that failed closed a little later")]
    [TestCase(33, "timeout", TestName = "A sibling failed afterwards")]
    public void Beside_one_that_failed(double seconds, string expected) =>
        Assert.That(Of(Run().Tool("read", 1, 30, s_cancelled).Tool("other", 1, seconds, s_failed)), Is.EqualTo(expected));

    [TestCase(30, "cancelled", TestName = "A sibling won the race")]
    [TestCase(5, "timeout", TestName = "A sibling answered long before")]
    public void Beside_one_that_answered(double seconds, string expected) =>
        Assert.That(Of(Run().Tool("read", 1, 30, s_cancelled).Tool("other", 1, seconds)), Is.EqualTo(expected));

    [Test]
    public void Beside_one_with_the_same_deadline() =>
        Assert.That(Of(Run().Tool("read", 1, 30, s_cancelled).Tool("other", 1, 30, s_cancelled)), Is.EqualTo("timeout"));

    [Test]
    public void The_rules_see_the_time_out_and_no_victim()
    {
        var run = View(
            new RunBuilder { RootError = s_cancelled }
                .Model(0, 1)
                .Tool("read", 1, 30.03, s_cancelled)
        );
        Assert.That(
            RuleTable.Apply(run).Select(f => $"{f.Identity}"),
            Is.EquivalentTo(new[] { "unhandled-tool-error(read, timeout)", "timeout-constant(read, timeout)" })
        );
    }

    private static RunBuilder Run() => new RunBuilder().Model(0, 1);

    private static RunView View(RunBuilder builder) => new(AgentRuns.Read(builder.Build()).Single());

    private static string? Of(RunBuilder builder)
    {
        var run = View(builder);
        return run.ClassOf(run.ToolCalls.Single(c => c.Name == "read"));
    }
}
