using ReplayHarness.Tests.Support;
using static ReplayHarness.Tests.Support.Authored;

namespace ReplayHarness.Tests.Replays;

/// <summary>The incidents of the pitfalls, as they would have been traced: authored, with latencies of seconds.</summary>
internal static class PitfallRuns
{
    private static readonly (string, string) s_invalid = ("System.InvalidOperationException", "it broke");

    public static RunBuilder Of(string name) =>
        name switch
        {
            "LostUpdate" or "SharedContext" => new RunBuilder { RootError = s_invalid }
                .Turn(0, "fetch", "a", "b")
                .Tool("audit", 3, 1, arguments: About("a"))
                .Tool("audit", 3.5, 1, arguments: About("b")),
            "LeakedOrder" => new RunBuilder { RootError = s_invalid }.Turn(0, "fetch", "a", "b"),
            "Hedging" => new RunBuilder { RootError = ("System.Threading.Tasks.TaskCanceledException", "A task was canceled.") }.Turn(
                0,
                "fetch",
                "a",
                "b"
            ),
            "RetriedCharge" => Charged(),
            "CrossedLocks" => new RunBuilder { RootError = ("System.TimeoutException", "The operation has timed out.") }
                .Turn(0, "fetch", "a", "b")
                .Tool("audit", 3, 1, arguments: About("a"))
                .Tool("audit", 3.5, 1, arguments: About("b")),
            "BlockingTools" => new RunBuilder { RootError = ("System.Threading.Tasks.TaskCanceledException", "A task was canceled.") }
                .Model(0, 1, output: Asks("fetch", "a", "b"))
                .Tool("fetch", 1, 4, arguments: About("a"), result: "a")
                .Tool("fetch", 5, 4, arguments: About("b"), result: "b"),
            "LeftRunning" => new RunBuilder { RootError = ("System.ObjectDisposedException", "Cannot access a disposed object.") }
                .Model(0, 1, output: Asks("fetch", "a", "b"))
                .Tool("fetch", 1, 2, ("HttpRequestError", "503"), About("a"))
                .Tool("fetch", 1, 4, arguments: About("b"), result: "b")
                .Tool("audit", 3, 3, arguments: About("closing")),
            "Telling" => new RunBuilder { RootError = ("System.TimeoutException", "no answer") }
                .Model(0, 1, output: Asks("fetch", "a", "b", "c"))
                .Tool("fetch", 1, 1, arguments: About("a"), result: Paper("the first"))
                .Tool("fetch", 1, 2, arguments: About("b"), result: Paper("the second"))
                .Tool("fetch", 1, 3, ("System.TimeoutException", "no answer"), About("c")),
            "Wide" => new RunBuilder { RootError = s_invalid }
                .Turn(0, "a", 6)
                .Turn(10, "b", 6)
                .Turn(20, "c", 6),
            "Six" => new RunBuilder { RootError = s_invalid }.Turn(0, "a", 6),
            "TwoThenSix" => new RunBuilder { RootError = s_invalid }
                .Turn(0, "fetch", "a", "b")
                .Turn(10, "b", 6),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such pitfall"),
        };

    private static string Paper(string which) =>
        $$"""{"title":"{{which}}","text":"{{which}} of three papers, with as many words as papers have"}""";

    private static RunBuilder Charged()
    {
        var run = new RunBuilder { RootError = ("System.TimeoutException", "no answer") }.Model(0, 1, output: Asks("charge", "card"));
        for (var i = 0; i < 3; i++)
            run.Tool("charge", 1 + (10 * i), 10, ("System.TimeoutException", "no answer"), About("card"));
        return run;
    }

    // A turn of as many tools, each called once.
    private static RunBuilder Turn(this RunBuilder run, double start, string thing, int tools)
    {
        run.Model(start, 1, output: Asks([.. Enumerable.Range(1, tools).Select(i => ($"t{i}", $"{thing}{i}"))]));
        for (var i = 1; i <= tools; i++)
            run.Tool($"t{i}", start + 1, 1 + (0.1 * i), arguments: About($"{thing}{i}"), result: $"{thing}{i}");
        return run;
    }

    private static RunBuilder Turn(this RunBuilder run, double start, string tool, params string[] things)
    {
        run.Model(start, 1, output: Asks(tool, things));
        for (var i = 0; i < things.Length; i++)
            run.Tool(tool, start + 1, 1 + (0.1 * i), arguments: About(things[i]), result: things[i]);
        return run;
    }
}
