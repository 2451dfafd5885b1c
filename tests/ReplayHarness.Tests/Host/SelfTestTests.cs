using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Host;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Host;

/// <summary>A runtime that is not as expected, in whatever way, is found at the start, and is one message that names the area.</summary>
public sealed partial class SelfTestTests
{
    private const string Program = "ReplayHarness.Tests.Process";

    [TestCase("pool-gone", "pool queue")]
    [TestCase("pool-other-type", "pool queue")]
    [TestCase("pool-other-queue", "pool queue")]
    [TestCase("timers-gone", "timers")]
    [TestCase("timers-long-misread", "timers")]
    [TestCase("timers-short-misread", "timers")]
    [TestCase("timers-start-misread", "timers")]
    [TestCase("timers-other-type", "timers")]
    [TestCase("waits-untold", "blocking waits")]
    [TestCase("waits-other-name", "blocking waits")]
    [TestCase("random-gone", "seeded random")]
    [TestCase("random-half-seeded", "seeded random")]
    [TestCase("container-gone", "container")]
    [TestCase("container-other-scope", "container")]
    [TestCase("tasks-continuation", "task internals")]
    [TestCase("tasks-errors-gone", "task internals")]
    [TestCase("tasks-locals-gone", "task internals")]
    [TestCase("events-sockets", "event names")]
    [TestCase("events-end", "event names")]
    [TestCase("events-resolution", "event names")]
    [TestCase("events-http", "event names")]
    [TestCase("parallel-gone", "parallel queries")]
    [TestCase("parallel-other", "parallel queries")]
    [TestCase("stopwatch-gone", "stopwatch")]
    [TestCase("stopwatch-swapped", "stopwatch")]
    public void What_is_not_as_expected_is_one_message(string sabotage, string area)
    {
        var message = Message(KernelProgram.Run(Program, ["sabotage", sabotage]));
        var match = Shape().Match(message ?? "");
        Assert.That(match.Success, message);
        Assert.That(
            (match.Groups["area"].Value, match.Groups["version"].Value, match.Groups["tested"].Value),
            Is.EqualTo((area, Environment.Version.ToString(3), RuntimeParts.TestedRange))
        );
    }

    // Whoever updates one of tool and package meets this, and can do nothing about a runtime.
    [Test]
    public void A_library_of_another_version_is_no_runtime_that_cannot_be_controlled() =>
        Assert.That(
            Message(KernelProgram.Run(Program, ["sabotage", "library-other"])),
            Does.Contain("ReplayHarness.dll is of another version than this tool").And.Contain("ReplayHarness.Replays.Gone")
        );

    [Test]
    public void This_runtime_is_as_expected() => Assert.That(Message(KernelProgram.Run(Program, ["sabotage", "none"])), Is.Null);

    [Test]
    public void The_host_answers_every_job_with_that_message()
    {
        var replies = KernelProgram.Run(Program, ["serve", "timers-gone"], "{}\n{}\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(replies, Has.Length.EqualTo(2));
        Assert.That(replies.Select(Message), Has.All.Match(Shape().ToString()));
    }

    private static string? Message(string json)
    {
        using var document = JsonDocument.Parse(json);
        var told = document.RootElement.TryGetProperty("uncontrollable", out var reply) ? reply : document.RootElement.GetProperty("error");
        return told.GetString();
    }

    [GeneratedRegex(@"^this \.NET runtime cannot be controlled: (?<area>[a-z ]+): .+; runtime (?<version>\S+); tested with (?<tested>.+)$")]
    private static partial Regex Shape();
}
