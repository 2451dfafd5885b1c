using ReplayHarness.Shapes;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Shapes;

/// <summary>Whether a call acts is read off the methods of its requests, where nobody declares it.</summary>
public sealed class EffectsByMethodTests
{
    private const string Duplicated = "duplicated-effect",
        Repeated = "repeated-call";

    private static readonly (string, string) s_timeout = ("System.TimeoutException", "The operation has timed out.");

    [TestCase("POST", "http://bank.example/charges", true)]
    [TestCase("POST", null, true)]
    [TestCase("PATCH", "http://bank.example/charges/1", true)]
    [TestCase("PUT", "http://bank.example/charges/1", false)]
    [TestCase("DELETE", "http://bank.example/charges/1", false)]
    [TestCase("GET", "http://bank.example/charges", false)]
    [TestCase("HEAD", "http://bank.example/charges", false)]
    [TestCase("OPTIONS", "http://bank.example/charges", false)]
    [TestCase("POST", "http://bank.example/charges/search?limit=5", null)]
    [TestCase("POST", "http://bank.example/charges:query", null)]
    [TestCase("POST", "http://bank.example/graphql", null)]
    [TestCase("POST", "http://tools.example/mcp", null)]
    [TestCase("POST", "http://model.example/v1/chat/completions", null)]
    [TestCase("PURGE", "http://bank.example/charges", null)]
    public void The_same_call_again(string method, string? url, bool? acts)
    {
        Assert.That(Rules(Twice(method, url, null)), Is.EqualTo(acts == true ? [Duplicated] : (string[])[]), "after a success");
        Assert.That(
            Rules(Twice(method, url, s_timeout)),
            Is.EqualTo(
                acts switch
                {
                    true => [Duplicated],
                    false => [],
                    null => (string[])[Repeated],
                }
            ),
            "after a time-out"
        );
    }

    [Test]
    public void A_call_that_looks_up_first_acts_once()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("pay", 1, 2, s_timeout)
            .Http(1.1, 1.9, "504")
            .Tool("pay", 4, 1)
            .Http(4.1, 0.5, "200", method: "GET")
            .Model(6, 1);
        Assert.That(Rules(run), Is.Empty);
    }

    [Test]
    public void Of_several_requests_one_that_acts_is_enough()
    {
        var run = new RunBuilder()
            .Model(0, 1)
            .Tool("pay", 1, 1)
            .Http(1.1, 0.1, "404", method: "GET")
            .Http(1.3, 0.5, "200")
            .Tool("pay", 4, 1)
            .Http(4.1, 0.1, "404", method: "GET")
            .Http(4.3, 0.5, "200")
            .Model(6, 1);
        Assert.That(Rules(run), Is.EqualTo(new[] { Duplicated }));
    }

    [Test]
    public void What_is_declared_comes_first()
    {
        Assert.That(Rules(Twice("POST", null, null), Effects(false)), Is.Empty);
        Assert.That(Rules(Twice("GET", null, null), Effects(true)), Is.EqualTo(new[] { Duplicated }));
    }

    [Test]
    public void A_tool_that_says_so_itself_comes_before_its_method()
    {
        var definitions = """[{"name":"pay","annotations":{"idempotentHint":true}}]""";
        var trace = Twice("POST", null, null).Build();
        var offering = new Trace(
            trace.TraceId,
            trace.Spans.Select(s =>
                s.Name == "chat model" ? s with { Attributes = new([.. s.Attributes, new("gen_ai.tool.definitions", definitions)]) } : s
            )
        );
        Assert.That(InspectedRun.Of(AgentRuns.Read(offering).Single()).Findings.Select(f => f.Rule.Name), Has.None.EqualTo(Duplicated));
    }

    // A mocked tool makes no requests: those of the capture count.
    [Test]
    public void What_was_captured_counts_where_the_run_shows_no_request()
    {
        var run = new RunBuilder().Model(0, 1).Tool("pay", 1, 1).Tool("pay", 3, 1).Model(5, 1);
        RunKnowledge Captured(bool isEffect) => new() { EffectsByMethod = new Dictionary<string, bool> { ["pay"] = isEffect } };
        Assert.That(Rules(run, Captured(true)), Is.EqualTo(new[] { Duplicated }));
        Assert.That(Rules(run, Captured(false)), Is.Empty);
        Assert.That(Rules(Twice("GET", null, null), Captured(true)), Is.Empty);
    }

    private static RunBuilder Twice(string method, string? url, (string, string)? first) =>
        new RunBuilder()
            .Model(0, 1)
            .Tool("pay", 1, 2, first)
            .Http(1.1, 1.8, "200", method: method, url: url)
            .Tool("pay", 4, 1)
            .Http(4.1, 0.5, "200", method: method, url: url)
            .Model(6, 1);

    private static RunKnowledge Effects(bool isEffect) => new() { Effects = new Dictionary<string, bool> { ["pay"] = isEffect } };

    private static string[] Rules(RunBuilder run, RunKnowledge? known = null) =>
        [
            .. InspectedRun
                .Of(AgentRuns.Read(run.Build()).Single(), known ?? RunKnowledge.None)
                .Findings.Select(f => f.Rule.Name)
                .Where(r => r is Duplicated or Repeated),
        ];
}
