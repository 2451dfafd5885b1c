using System.Text.Json.Nodes;
using ReplayHarness.Tests.Repository;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>The command <c>parallel</c>, on what the exporter of an agent on Microsoft Agent Framework sent.</summary>
public sealed class ParallelCommandTests
{
    [Test]
    public async Task Tools_that_share_a_line_are_told_with_what_goes_wrong()
    {
        var result = await RunAsync("GalleryBroken", "--json");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        var report = JsonNode.Parse(result.Output)!.AsObject();
        Assert.That(
            report.Select(m => m.Key),
            Is.EqualTo(["trace", "agent", "verdict", "sentence", "switches", "pairs", "reasons", "notes"])
        );
        Assert.That((string)report["verdict"]!, Is.EqualTo("unsafe"));
        var pair = report["pairs"]!.AsArray().Single()!.AsObject();
        var others = pair.Where(m => m.Key is not ("wrong" or "shared" or "races")).Select(m => $"{m.Key} {m.Value?.ToJsonString()}");
        Assert.That(
            others,
            Is.EqualTo([
                "first \"find_painting\"",
                "second \"find_guide\"",
                "turns [1]",
                "verdict \"never-at-once\"",
                "constraint \"never at once\"",
                "orders \"1\"",
                "allOrders true",
                "when \"fails in every schedule\"",
            ])
        );
        Assert.That((string)pair["wrong"]![0]!, Does.Contain("The line carries a request already."));
    }

    [Test]
    public async Task Tools_that_wait_for_their_turn_are_safe()
    {
        var result = await RunAsync("GalleryFixed");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(
            result.Output,
            Does.StartWith(
                """
                All of these tools may run at once: nothing went wrong in the only order there is.
                switched: FunctionInvokingChatClient.AllowConcurrentInvocation
                  find_painting + find_guide  safe in the only order there is

                """
            )
        );
    }

    private static Task<ToolResult> RunAsync(string driver, params string[] options) =>
        Tool.RunAsync([
            "parallel",
            "teams/gallery-healthy.jsonl",
            "--trace",
            "3d4b700b",
            "--agent",
            $"{Repo.TeamAgents}:{driver}",
            .. options,
        ]);
}
