using ReplayHarness.Tests.Support;
using static ReplayHarness.Tests.Support.Authored;

namespace ReplayHarness.Tests.Replays;

/// <summary>The incident of all races, as it would have been traced: a turn of three calls, after which the agent failed.</summary>
internal static class RaceRuns
{
    public static RunBuilder Turn()
    {
        var run = new RunBuilder { RootError = ("System.InvalidOperationException", "it broke") };
        run.Model(0, 1, output: Asks("fetch", "a", "b", "c"));
        foreach (var (paper, seconds) in new[] { ("a", 1.0), ("b", 1.1), ("c", 1.2) })
            run.Tool("fetch", 1, seconds, arguments: About(paper), result: $"text of {paper}");
        return run;
    }
}
