using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>A run may hold several conversations: of several agents, of several questions, and with a history from before.</summary>
public sealed class ConversationTests
{
    private static readonly (string, string) s_timeout = ("System.TimeoutException", "no answer");

    [Test]
    public void What_a_request_follows_and_adds_is_captured()
    {
        using var folder = new TempFolder();
        var turns = FixtureFolder.Load(Session(folder)).Fixture.Attempts[0].Turns;
        Assert.That(turns.Select(t => t.Follows), Is.EqualTo(new int?[] { null, 1, 2 }));
        Assert.That(
            turns.Select(t => string.Join("; ", t.Adds!.Select(m => $"{m.Role} {m.Text}{string.Join(',', m.Calls ?? [])}"))),
            Is.EqualTo(new[] { "user Hello; assistant Hi.; user Find a flight.", "tool f1", "user And a hotel?" })
        );
    }

    [Test]
    public void The_input_is_the_question_with_what_came_before_and_after()
    {
        using var folder = new TempFolder();
        var input = FixtureFolder.Load(Session(folder)).Fixture.Input;
        Assert.That(
            (input.User, string.Join("; ", input.History!.Select(m => $"{m.Role} {m.Text}")), string.Join("; ", input.Questions!)),
            Is.EqualTo(("Find a flight.", "user Hello; assistant Hi.", "Find a flight.; And a hotel?"))
        );
    }

    [Test]
    public async Task A_session_is_replayed_with_its_history()
    {
        using var folder = new TempFolder();
        var verdict = await VerdictAsync(Session(folder), nameof(AsksInSession));
        Assert.That((verdict.Verdict, verdict.Drift), Is.EqualTo((VerdictKind.Removed, Array.Empty<string>())), verdict.Sentence);
    }

    [Test]
    public async Task A_history_that_is_gone_is_drift()
    {
        using var folder = new TempFolder();
        var verdict = await VerdictAsync(Session(folder), nameof(ForgetsTheHistory));
        Assert.That(
            (verdict.Verdict, verdict.Drift),
            Is.EqualTo((VerdictKind.Removed, new[] { "a request lacks what had been said before the recorded question" }))
        );
    }

    [Test]
    public async Task Another_question_in_the_session_diverges()
    {
        using var folder = new TempFolder();
        var verdict = await VerdictAsync(Session(folder), nameof(AsksSomethingElseThen));
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.Diverged));
        Assert.That(verdict.Sentence, Does.Contain("the agent asked the model \"And what of the weather?\""));
    }

    // What a framework adds in the user's name stands beside the question.
    [Test]
    public async Task A_question_may_have_another_text_behind_it()
    {
        using var folder = new TempFolder();
        var run = Failing()
            .Model(0, 1, input: Messages(("user", "Find a flight."), ("user", "It is Monday.")), output: Asked("find_flight", "f1"))
            .Tool("find_flight", 1, 1, s_timeout, "{}", callId: "f1");
        var verdict = await VerdictAsync(Authored.Write(folder, "names", run), nameof(SaysTheDay));
        Assert.That((verdict.Verdict, verdict.Drift), Is.EqualTo((VerdictKind.Removed, Array.Empty<string>())), verdict.Sentence);
    }

    [TestCase(nameof(TwoAtOnce))]
    [TestCase(nameof(TwoInTheOtherOrder))]
    public async Task Agents_at_once_are_told_apart_by_what_they_ask(string agents)
    {
        using var folder = new TempFolder();
        var verdict = await VerdictAsync(AtOnce(folder), agents);
        Assert.That(
            (verdict.Verdict, verdict.Schedules.Exhaustive, verdict.Drift),
            Is.EqualTo((VerdictKind.Removed, true, Array.Empty<string>())),
            $"{verdict.Sentence} {string.Join('\n', verdict.Reasons)}"
        );
        Assert.That(verdict.Schedules.Explored, Is.GreaterThan(1));
    }

    [Test]
    public async Task An_agent_that_is_missing_is_no_proof()
    {
        using var folder = new TempFolder();
        var verdict = await VerdictAsync(AtOnce(folder), nameof(OnlyOneOfTwo));
        Assert.That(verdict.Verdict, Is.EqualTo(VerdictKind.NotEstablished));
        Assert.That(verdict.Reasons, Has.Some.Contains("ended after 0 of the 1 recorded turns up to the failure"));
    }

    [Test]
    public async Task A_tool_is_asked_for_by_the_name_that_is_offered()
    {
        using var folder = new TempFolder();
        var run = Failing()
            .Model(0, 1, input: Messages(("user", "Find a flight.")), output: Asked("find_flight", "f1"))
            .Tool("find_flight", 1, 1, s_timeout, "{}", callId: "f1");
        var verdict = await VerdictAsync(Authored.Write(folder, "names", run), nameof(OffersQualifiedNames));
        Assert.That(
            (verdict.Verdict, verdict.Drift),
            Is.EqualTo((VerdictKind.Removed, Array.Empty<string>())),
            $"{verdict.Sentence} {string.Join('\n', verdict.Reasons)}"
        );
    }

    [Test]
    public async Task The_first_version_of_the_format_is_read_and_migrated()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "drive-timeout");
        FixtureWriter.Write(path, FixtureFolder.Load(Data.Fixture).Fixture, [], []);
        await Authored.EditAsync(
            path,
            json =>
            {
                json["schemaVersion"] = 1;
                foreach (var turn in json["attempts"]!.AsArray().SelectMany(a => a!["turns"]!.AsArray()))
                foreach (var name in new[] { "agent", "follows", "adds" })
                    turn!.AsObject().Remove(name);
            }
        );
        var first = FixtureFolder.Load(path).Fixture;
        Assert.That(first.Attempts[0].Turns.Select(t => t.Follows), Is.EqualTo(new int?[] { null, 1 }));
        var result = await Tool.RunAsync("migrate", path);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, $"{path}: migrated\n")));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(path, "fixture.json")), Does.Contain("\"schemaVersion\": 2"));
        Assert.That(
            FixtureFolder.Load(path).Fixture.Attempts[0].Turns.Select(t => t.Follows),
            Is.EqualTo(first.Attempts[0].Turns.Select(t => t.Follows))
        );
        Assert.That((await Tool.RunAsync("migrate", path)).Output, Is.EqualTo($"{path}: is in the newest version already\n"));
    }

    [Test]
    public async Task A_link_to_no_earlier_turn_is_one_clear_error()
    {
        using var folder = new TempFolder();
        var path = Session(folder);
        await Authored.EditAsync(path, json => json["attempts"]![0]!["turns"]![1]!["follows"] = 2);
        Assert.That(
            () => FixtureFolder.Load(path),
            Throws
                .TypeOf<ReplayHarness.Traces.BadInputException>()
                .With.Message.EndsWith(
                    "$.attempts[0].turns[1].follows: is 2; expected the number of an earlier turn of the attempt, counted from 1"
                )
        );
    }

    private static RunBuilder Failing() => new() { RootError = s_timeout };

    // Two questions of one session, behind what had been said before; the flight's call timed out.
    private static string Session(TempFolder folder) =>
        Authored.Write(
            folder,
            "session",
            Failing()
                .Model(0, 1, input: Messages(s_opening), output: Asked("find_flight", "f1"))
                .Tool("find_flight", 1, 1, s_timeout, "{}", callId: "f1")
                .Model(3, 1, input: Messages([.. s_opening, .. s_told]), output: RunBuilder.Says("None flies."))
                .Model(
                    5,
                    1,
                    input: Messages([.. s_opening, .. s_told, ("assistant", "None flies."), ("user", "And a hotel?")]),
                    output: RunBuilder.Says("The Bellecour.")
                )
        );

    private static readonly (string, string)[] s_opening = [("user", "Hello"), ("assistant", "Hi."), ("user", "Find a flight.")];

    private static readonly (string, string)[] s_told = [("call", "find_flight f1"), ("result", "f1")];

    // Both ask at once; one call of each, of which the flight's timed out.
    private static string AtOnce(TempFolder folder)
    {
        (string, string)[] flights = [("system", "You look for flights."), ("user", "Plan a trip.")];
        (string, string)[] hotels = [("system", "You look for hotels."), ("user", "Plan a trip.")];
        return Authored.Write(
            folder,
            "at-once",
            Failing()
                .Model(0, 1, input: Messages(flights), output: Asked("find_flight", "f1"))
                .Model(0, 1.5, input: Messages(hotels), output: Asked("find_hotel", "h1"))
                .Tool("find_flight", 2, 1, s_timeout, "{}", callId: "f1")
                .Tool("find_hotel", 2, 0.5, arguments: "{}", result: "Bellecour", callId: "h1")
                .Model(
                    3,
                    1,
                    input: Messages([.. hotels, ("call", "find_hotel h1"), ("result", "h1")]),
                    output: RunBuilder.Says("The Bellecour.")
                )
        );
    }

    private static string Messages(params (string Role, string Text)[] messages) =>
        System.Text.Json.JsonSerializer.Serialize(
            messages.Select(m =>
                m.Role switch
                {
                    "call" => Message("assistant", Call(m.Text.Split(' ')[0], m.Text.Split(' ')[1])),
                    "result" => Message(
                        "tool",
                        new
                        {
                            type = "tool_call_response",
                            id = m.Text,
                            response = "told",
                        }
                    ),
                    _ => Message(m.Role, new { type = "text", content = m.Text }),
                }
            )
        );

    private static string Asked(string tool, string id) =>
        System.Text.Json.JsonSerializer.Serialize(new[] { Message("assistant", Call(tool, id)) });

    private static object Message(string role, object part) => new { role, parts = new[] { part } };

    private static object Call(string name, string id) =>
        new
        {
            type = "tool_call",
            id,
            name,
            arguments = new { },
        };

    private static async Task<HypothesisVerdict> VerdictAsync(string fixture, string driver) =>
        (
            await Replay.RunAsync(fixture, $"ReplayHarness.Tests.Replays.{driver}", new ReplayOptions { Hypotheses = ["captured@tool"] })
        ).Hypotheses.Single();
}
