using System.Text.Json;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// Kernel and pump, on small agents, each for one thing; they run once, in a process of their own, and what they showed is looked at here.
/// </summary>
public sealed class ScenariosTests
{
    private JsonElement _seen;

    [OneTimeSetUp]
    public void Run() =>
        _seen = JsonDocument
            .Parse(KernelProgram.Run("ReplayHarness.Tests.Process", ["kernel", Path.Combine(Data.Root, "fixtures", "drive-timeout")]))
            .RootElement;

    [Test]
    public void Calls_answer_when_they_are_due_and_the_clock_moves_so_far() =>
        Assert.That(
            (End("by due time"), Seconds("by due time"), string.Join(' ', Texts("by due time", "Events"))),
            Is.EqualTo(("Finished", 3.0, "+c#1 +a#1 +b#1 -a#1 -b#1 -c#1"))
        );

    [Test]
    public void Equal_schedules_have_equal_logs_and_others_do_not()
    {
        Assert.That(Log("again"), Is.EqualTo(Log("by due time")));
        Assert.That(Log("other labels"), Is.Not.EqualTo(Log("by due time")));
    }

    [Test]
    public void A_timer_is_eligible_only_where_no_answer_is_due_before_it()
    {
        Assert.That(Texts("timer after answer", "Steps").First(), Is.EqualTo("call#1 > call#1"));
        Assert.That(Texts("timer before answer", "Steps").First(), Does.StartWith("call#1,timer "));
        Assert.That((Seconds("timer after answer"), Seconds("timer before answer")), Is.EqualTo((1.0, 1.0)));
    }

    [Test]
    public void A_late_answer_never_comes_beyond_a_timer_that_has_not_fired() =>
        Assert.That(
            (Seconds("late answer"), Texts("late answer", "Events").Skip(2).First(), Texts("late answer", "Events").Last()[..7]),
            Is.EqualTo((4.0, "-late#1", "-timer "))
        );

    [Test]
    public void An_answer_in_pieces_comes_whole_before_another_or_lets_it_in_where_it_is_due()
    {
        const string Piece = "the next piece of stream";
        Assert.That(
            Texts("pieces", "Steps"),
            Is.EqualTo(new[] { $"call#1,{Piece} > {Piece}", $"call#1,{Piece} > {Piece}", $"{Piece} > {Piece}", "call#1 > call#1" })
        );
        // A guard that stands before the next piece is not one that the held answer may lose to.
        Assert.That(Texts("pieces and a guard", "Steps").Skip(2), Is.EqualTo(new[] { $"{Piece} > {Piece}", "call#1 > call#1" }));
    }

    [TestCase("never answers", "Deadlock")]
    [TestCase("without end", "OutOfBudget")]
    [TestCase("stopped", "Stopped")]
    [TestCase("unhandled", "Finished")]
    public void A_replay_says_how_it_ended(string scenario, string end) => Assert.That(End(scenario), Is.EqualTo(end));

    [Test]
    public void What_is_stopped_completes_no_more() =>
        Assert.That(Texts("stopped", "Events"), Is.EqualTo(new[] { "+call#1", "-call#1", "+more#1" }));

    [Test]
    public void A_cancelled_call_leaves_at_once()
    {
        Assert.That((Text("cancelled", "Error"), Seconds("cancelled")), Is.EqualTo(("cancelled", 1.0)));
        Assert.That(Texts("cancelled", "Events"), Has.None.EqualTo("-slow#1"));
    }

    [Test]
    public void An_exception_that_nobody_catches_ends_the_replay() =>
        Assert.That((Text("unhandled", "Unhandled"), Texts("unhandled", "Events").Count()), Is.EqualTo(("nobody catches this", 1)));

    [Test]
    public void A_thread_that_waits_is_parked_and_others_go_on()
    {
        Assert.That(Texts("blocked", "Facts"), Is.EqualTo(new[] { "True", "True", "False" }));
        Assert.That(Texts("blocked", "Events"), Is.EqualTo(new[] { "+short#1", "+long#1", "-short#1", "-long#1" }));
    }

    [Test]
    public void A_sleep_passes_in_virtual_time() => Assert.That(Seconds("slept"), Is.EqualTo(7_201));

    [Test]
    public void Nothing_of_one_schedule_reaches_the_next()
    {
        Assert.That((End("left behind"), Seconds("left behind")), Is.EqualTo(("Finished", 0.0)));
        Assert.That(Log("after that"), Is.EqualTo(Log("by due time")));
        Assert.That(Texts("after that", "Events"), Is.EqualTo(Texts("by due time", "Events")));
    }

    [Test]
    public void The_state_of_the_process_is_that_of_one_schedule_and_nothing_is_left_of_it()
    {
        Assert.That(Texts("entered twice", "Facts"), Is.EqualTo(new[] { "InvalidOperationException", "True" }));
        Assert.That(End("entered twice"), Is.EqualTo("Finished"));
        Assert.That(Texts("state", "Facts"), Is.EqualTo(new[] { "True" }));
        Assert.That(
            _seen.GetProperty("state afterwards").EnumerateArray().Select(e => e.GetBoolean()),
            Is.EqualTo(new[] { true, true, true, true })
        );
    }

    [Test]
    public void Real_IO_is_named_with_its_caller()
    {
        var told = Texts("real I/O", "Uncontrolled").ToArray();
        Assert.That(told, Has.Length.EqualTo(2));
        Assert.That(
            told[0],
            Does.Match(@"^real I/O: connection to 127\.0\.0\.1:\d+, called by ReplayHarness\.Tests\.Process\.Scenarios\.")
        );
        Assert.That(told[1], Does.StartWith("real I/O: an HTTP request, called by "));
    }

    [TestCase("orders of items")]
    [TestCase("orders of answers")]
    public void All_orders_are_explored_each_once(string scenario) =>
        Assert.That(_seen.GetProperty(scenario).EnumerateObject().Select(o => $"{o.Name} {o.Value}"), Is.EqualTo(new[] { "ab 1", "ba 1" }));

    // Of five pieces a pause has each of six places, and two have each of 21. Many pauses beside a long answer are bounded: it departs once
    // from its time.
    [Test]
    public void A_pause_has_every_place_among_pieces() =>
        Assert.That(
            _seen.GetProperty("orders of pieces").EnumerateArray().Select(o => o.GetString()),
            Is.EqualTo(
                new[]
                {
                    "6 orders in 6 schedules",
                    "6 orders in 6 schedules",
                    "21 orders in 21 schedules",
                    "1244 orders in 1244 schedules",
                    "41 orders in 41 schedules",
                }
            )
        );

    private string End(string scenario) => Text(scenario, "End")!;

    private string Log(string scenario) => Text(scenario, "Log")!;

    private double Seconds(string scenario) => _seen.GetProperty(scenario).GetProperty("Seconds").GetDouble();

    private string? Text(string scenario, string name) => _seen.GetProperty(scenario).GetProperty(name).GetString();

    private IEnumerable<string> Texts(string scenario, string name) =>
        _seen.GetProperty(scenario).GetProperty(name).EnumerateArray().Select(e => e.GetString()!);
}
