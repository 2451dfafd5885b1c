using ReplayHarness.Running;
using ReplayHarness.Running.Together;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;
using static ReplayHarness.Tests.Support.Authored;

namespace ReplayHarness.Tests.Running;

/// <summary>Which tools of an agent may run at once, as a healthy run of it shows.</summary>
public sealed class ParallelCheckTests
{
    [Test]
    public async Task Tools_that_share_nothing_are_safe_in_every_order()
    {
        var report = await CheckAsync(Trip("train", "hotel"), "TripApart");
        Assert.That(Line(report), Is.EqualTo("safe: find_train + find_hotel safe"), Words(report));
        Assert.That((report.Pairs[0].Orders, report.Pairs[0].AllOrders), Is.EqualTo(("2", true)));
        Assert.That(report.Switches, Is.EqualTo(["FunctionInvokingChatClient.AllowConcurrentInvocation"]));
        Assert.That(report.Notes, Has.One.StartsWith("find_hotel changes something at its backend"));
    }

    [Test]
    public async Task Tools_that_add_to_one_list_are_never_to_run_at_once()
    {
        var report = await CheckAsync(Trip("train", "hotel", "weather"), "TripOneList");
        Assert.That(
            Line(report),
            Is.EqualTo("unsafe: find_train + find_hotel never-at-once, find_train + find_weather safe, find_hotel + find_weather safe"),
            Words(report)
        );
        Assert.That(report.Pairs[0].Shared, Is.EqualTo(["List"]));
        Assert.That(report.Pairs[0].Races[0], Does.Contain("TripDesk.cs"));
    }

    [Test]
    public async Task A_tool_that_needs_what_another_leaves_behind_comes_after_it()
    {
        var report = await CheckAsync(Trip("train", "weather", "hotel"), "TripTicket");
        Assert.That(
            Line(report),
            Is.EqualTo("unsafe: find_train + find_weather safe, find_train + find_hotel ordered, find_weather + find_hotel safe"),
            Words(report)
        );
        var pair = report.Pairs[1];
        Assert.That(pair.Constraint, Is.EqualTo("find_train before find_hotel"));
        Assert.That(pair.Wrong, Has.Some.Contains("A hotel is found for who has a ticket."));
    }

    [Test]
    public async Task What_goes_wrong_only_with_all_of_them_at_once_is_no_pair_s_fault()
    {
        var report = await CheckAsync(Trip("train", "hotel", "weather"), "TripTwoLines");
        Assert.That(
            Line(report),
            Is.EqualTo("unsafe: find_train + find_hotel safe, find_train + find_weather safe, find_hotel + find_weather safe"),
            Words(report)
        );
        Assert.That(report.Sentence, Is.EqualTo("No two of these calls alone go wrong at once, but all together do."));
        Assert.That(report.Reasons, Has.Some.Contains("All lines are busy."));
    }

    [Test]
    public async Task Calls_of_different_turns_are_no_pair()
    {
        var report = await CheckAsync(Turns(["train", "weather"], ["hotel", "weather", "train"]), "TripOneList");
        Assert.That(
            Line(report),
            Is.EqualTo("unsafe: find_train + find_weather safe, find_hotel + find_weather safe, find_hotel + find_train never-at-once"),
            Words(report)
        );
        Assert.That(report.Pairs.Select(p => string.Join(' ', p.Turns)), Is.EqualTo(["1 2", "2", "2"]));
    }

    [TestCase("TripSwitched", "safe: find_train + find_hotel safe")]
    [TestCase("TripSwitchedOneList", "unsafe: find_train + find_hotel never-at-once")]
    public async Task A_driver_may_hand_the_switch_on(string driver, string line)
    {
        var report = await CheckAsync(Trip("train", "hotel"), driver);
        Assert.That(Line(report), Is.EqualTo(line), Words(report));
        Assert.That(report.Switches, Is.EqualTo(["ReplayInput.ToolsAtOnce"]));
    }

    [Test]
    public async Task An_agent_that_asks_nobody_is_told_what_to_do()
    {
        var report = await CheckAsync(Trip("train", "hotel"), "TripSerial");
        Assert.That(Line(report), Is.EqualTo("still-serial: find_train + find_hotel unknown"), Words(report));
        Assert.That(report.Sentence, Does.Contain("still ran one after the other").And.Contain("ReplayInput.ToolsAtOnce"));
    }

    [Test]
    public async Task An_agent_that_cannot_be_told_otherwise_has_nothing_to_compare_with()
    {
        var report = await CheckAsync(Trip("train", "hotel"), "TripAlways");
        Assert.That(Line(report), Is.EqualTo("not-established: "), Words(report));
        Assert.That(report.Sentence, Does.Contain("runs calls at once, whatever it is told").And.Contain("List: TripTools.Noted"));
    }

    [Test]
    public async Task Tools_that_await_nothing_stay_one_after_the_other()
    {
        var report = await CheckAsync(Trip("greet", "greet"), "TripApart");
        Assert.That(Line(report), Is.EqualTo("still-serial: greet + greet unknown"), Words(report));
        Assert.That(report.Sentence, Does.Contain("although FunctionInvokingChatClient.AllowConcurrentInvocation asked"));
    }

    [Test]
    public async Task What_does_not_go_as_captured_one_after_the_other_shows_nothing()
    {
        var report = await CheckAsync(Trip("hotel", "train"), "TripTicket");
        Assert.That(Line(report), Is.EqualTo("not-established: "), Words(report));
        Assert.That(report.Sentence, Does.Contain("as it should even with its calls one after the other").And.Contain("who has a ticket"));
    }

    // What the exporters of frameworks sent, of agents whose own switch is on: here it is off first, then on.
    [TestCase("ferry-stream", "FerryStreamFixed", "safe: next_ferry + next_ferry safe")]
    [TestCase("garden-stream", "GardenStreamBroken", "unsafe: find_plant + find_plant never-at-once")]
    public async Task Agents_of_frameworks(string incident, string driver, string line)
    {
        var report = await CheckAsync(Data.Load(Data.Path($"teams/{incident}-healthy.jsonl")).Single(), driver);
        Assert.That(Line(report), Is.EqualTo(line), Words(report));
        Assert.That(
            report.Switches,
            Is.EqualTo([
                incident == "ferry-stream"
                    ? "FunctionChoiceBehaviorOptions.AllowConcurrentInvocation"
                    : "FunctionInvokingChatClient.AllowConcurrentInvocation",
            ])
        );
    }

    [Test]
    public void A_run_without_siblings_is_refused()
    {
        var alone = Assert.Throws<BadInputException>(() => Check(Trip("train"), "TripApart"));
        Assert.That(alone.Message, Does.Contain("in no turn did the model ask for two calls"));
    }

    [Test]
    public void A_result_that_was_not_recorded_is_named()
    {
        var run = new RunBuilder().Model(0, 1, output: Asks("read", "a", "b")).Tool("read", 1, 1, arguments: About("a"), result: null);
        var silent = Assert.Throws<BadInputException>(() => Check(run.Build(), "TripApart"));
        Assert.That(silent.Message, Does.Contain("the result of read was not recorded"));
    }

    [Test]
    public async Task What_is_authored_goes_before_captured_results()
    {
        using var folder = new TempFolder();
        folder.Write(
            "trips.json",
            """
            {"provenance":"a test","responses":[{"method":"GET","url":"https://trips.example/trains/train00","status":200,
            "latencySeconds":0.1,"contentType":"text/plain","body":"no train today"}]}
            """
        );
        var report = await CheckAsync(Trip("train", "hotel"), "TripApart", folder.Path);
        Assert.That(Line(report), Is.EqualTo("not-established: "), Words(report));
        Assert.That(report.Reasons, Has.One.StartsWith("find_train").And.One.Contains("returned another result"));
    }

    private static async Task<ParallelReport> CheckAsync(Trace trace, string driver, string? http = null)
    {
        using var check = Check(trace, driver, http);
        return await check.RunAsync(null, CancellationToken.None);
    }

    private static ParallelCheck Check(Trace trace, string driver, string? http = null) =>
        new(trace, http, Agent.InAssembly(Repo.TeamAgents, $"ReplayHarness.Tests.TeamAgents.{driver}"), new());

    // One turn that asks for these, one after the other.
    private static Trace Trip(params string[] tools) => Turns(tools);

    private static Trace Turns(params string[][] turns)
    {
        var (run, at) = (new RunBuilder(), 0.0);
        foreach (var (turn, tools) in turns.Index())
        {
            var calls = tools.Select((t, i) => (Tool: t == "greet" ? t : $"find_{t}", Of: $"{t}{turn}{i}")).ToArray();
            run.Model(at++, 1, output: Asks(calls));
            foreach (var (tool, of) in calls)
            {
                run.Tool(tool, at, 0.5, arguments: About(of), result: tool == "greet" ? $"good day, {of}" : $"{tool} of {of}", callId: of);
                if (tool == "find_hotel")
                    run.Http(at + 0.1, 0.3, "201", method: "POST", url: "https://trips.example/rooms");
                at++;
            }
        }
        return run.Model(at, 1, output: RunBuilder.Says("There you are.")).Build();
    }

    private static string Line(ParallelReport report) =>
        $"{Kebab(report.Verdict)}: {string.Join(", ", report.Pairs.Select(p => $"{p.First} + {p.Second} {Kebab(p.Verdict)}"))}";

    private static string Kebab<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static string Words(ParallelReport report) =>
        string.Join(
            '\n',
            [
                report.Sentence,
                .. report.Reasons,
                .. report.Notes,
                .. report.Pairs.Select(p => $"{p} {string.Join("; ", p.Wrong)} {string.Join("; ", p.Races)} {p.When}"),
            ]
        );
}
