using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Replays;

/// <summary>Agents as .NET teams build them run as they are: nothing is registered for the harness, and nothing authored.</summary>
public sealed class TeamAgentsTests
{
    private const string Dune = """{"title":"Dune","shelf":"C4"}""",
        Emma = """{"title":"Emma","shelf":"A1"}""";

    [TestCase("BookBroken", VerdictKind.Reproduced)]
    [TestCase("BookFixed", VerdictKind.Removed)]
    [TestCase("BookOverAnother", VerdictKind.Removed)]
    [TestCase("BookWrapped", VerdictKind.Removed)]
    [TestCase("BookLoopOverFunctions", VerdictKind.Removed)]
    public async Task Tools_are_caught_where_they_are_invoked(string agent, VerdictKind healthy)
    {
        var report = await RunAsync(agent, "captured@tool", "healthy@http");
        Assert.That(report.Hypotheses.Select(h => h.Schedules.Exhaustive), Is.All.True, Words(report));
        Assert.That(report.Hypotheses[1].Verdict, Is.EqualTo(healthy), Words(report));
        // Each call that the model asked for once, whatever wraps its tool.
        foreach (var trace in report.Hypotheses.Select(h => h.Trace!))
            Assert.That(
                AgentRuns.Read(trace).Single().ToolCalls.Select(c => (c.Name, c.Arguments)),
                Is.EqualTo(new[] { ("find_book", """{"title":"Dune"}"""), ("find_book", """{"title":"Emma"}""") })
            );
    }

    [Test]
    public async Task A_response_that_nobody_authored_is_the_result_of_the_call_that_it_gives()
    {
        var report = await RunAsync("BookFixed", "healthy@http");
        Assert.That(
            report.Notes,
            Is.EqualTo(
                new[]
                {
                    "no response is authored for GET https://library.example/books/Dune; the result of find_book stands for it, with which "
                        + "the tool's own code returned what was captured",
                    "no response is authored for GET https://library.example/books/Emma; the result of find_book stands for it, with which "
                        + "the tool's own code returned what was captured",
                }
            )
        );
    }

    [Test]
    public async Task A_client_of_no_known_provider_is_replaced_and_what_is_around_it_stays()
    {
        var report = await RunAsync("BookOverAnother", "captured@tool");
        Assert.That(report.Notes, Is.EqualTo(new[] { "the model's mock stands for Another, at the end of what is registered around it" }));
    }

    [Test]
    public async Task A_tool_that_the_agent_calls_itself_is_named_with_what_to_do()
    {
        var report = await RunAsync("BookLoopOverMethods", "captured@tool");
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.Diverged), Words(report));
        Assert.That(Words(report), Does.Contain("if this is find_book, make it an AIFunction or a KernelFunction and invoke that"));
    }

    [Test]
    public async Task A_client_that_cannot_be_made_is_named()
    {
        var report = await RunAsync("BookWithoutKey", "captured@tool");
        Assert.That(report.Verdict, Is.EqualTo(VerdictKind.NotEstablished), Words(report));
        Assert.That(
            report.Notes,
            Is.EqualTo(
                new[]
                {
                    "the model that is registered could not be made here (InvalidOperationException: no key of the provider's is "
                        + "configured); a mock stands for it, bare",
                }
            )
        );
    }

    private static async Task<ReplayReport> RunAsync(string agent, params string[] hypotheses)
    {
        using var folder = new TempFolder();
        return await Replay.RunAsync(
            Fixture(folder),
            Agent.InAssembly(Repo.TeamAgents, $"ReplayHarness.Tests.TeamAgents.{agent}"),
            new ReplayOptions { Hypotheses = hypotheses }
        );
    }

    private static string Words(ReplayReport report) =>
        $"{report.Sentence} {string.Join('\n', report.Hypotheses.SelectMany(h => h.Reasons.Prepend($"{h.Name} {h.Sentence}")))}";

    // The page of the book that was asked for last came for both.
    private static string Fixture(TempFolder folder)
    {
        var (trace, healthy) = (Run(Emma).Build(), Run(Dune).Build());
        var path = Path.Combine(folder.Path, "books");
        FixtureWriter.Write(path, Capture.Create("books", "authored", [trace], [healthy], []), [trace], [healthy]);
        return path;
    }

    private static RunBuilder Run(string first) =>
        new RunBuilder()
            .Model(0, 1, input: """[{"role":"user","parts":[{"type":"text","content":"Where do they stand?"}]}]""", output: Asked)
            .Tool("find_book", 1, 0.2, arguments: """{"title":"Dune"}""", result: first, callId: "c1")
            .Tool("find_book", 1, 0.3, arguments: """{"title":"Emma"}""", result: Emma, callId: "c2")
            .Model(2, 1, output: RunBuilder.Says("They stand there."));

    private const string Asked = """
        [{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"find_book","arguments":{"title":"Dune"}},
        {"type":"tool_call","id":"c2","name":"find_book","arguments":{"title":"Emma"}}]}]
        """;
}
