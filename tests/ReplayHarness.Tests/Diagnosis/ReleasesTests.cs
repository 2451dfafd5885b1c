using System.Globalization;
using ReplayHarness.Diagnosis.Releases;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>Failure shapes by release: what is a regression, and what one-off chance explains.</summary>
public sealed class ReleasesTests
{
    // Summed up with whole numbers of any size.
    [TestCase(3, 4, 1, 4, 0.485714)]
    [TestCase(10, 10, 0, 10, 1.082509e-05)]
    [TestCase(0, 10, 0, 10, 1)]
    [TestCase(8, 10, 0, 30, 5.851e-07)]
    [TestCase(1, 3, 0, 4, 0.428571)]
    [TestCase(12, 1000, 2, 1000, 0.012641)]
    public void Fishers_exact_test(int hits, int total, int otherHits, int otherTotal, double expected)
    {
        Assert.That(TwoProportions.PValue(hits, total, otherHits, otherTotal), Is.EqualTo(expected).Within(0.1).Percent);
        Assert.That(
            TwoProportions.PValue(otherHits, otherTotal, hits, total),
            Is.EqualTo(expected).Within(0.1).Percent,
            "the order of the groups decides nothing"
        );
    }

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Is("new", 8, 10, 0, 30);
        yield return Is("one-off", 1, 10, 0, 30);
        yield return Is("gone", 0, 30, 8, 10);
        yield return Is("not seen", 0, 30, 1, 10);
        yield return Is("more frequent", 20, 30, 2, 30);
        yield return Is("less frequent", 2, 30, 20, 30);
        yield return Is("same", 3, 30, 2, 30);

        static TestCaseData Is(string word, int hits, int runs, int hitsBefore, int runsBefore) =>
            new TestCaseData(word, hits, runs, hitsBefore, runsBefore).SetName($"Change: {word}");
    }

    [TestCaseSource(nameof(Changes))]
    public async Task What_changed_from_one_release_to_the_next(string word, int hits, int runs, int hitsBefore, int runsBefore)
    {
        using var folder = new TempFolder();
        var file = Write(folder, ("1.0", hitsBefore, runsBefore), ("2.0", hits, runs));
        var result = await Tool.RunAsync("releases", file);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(
            result.Output,
            Does.Contain($"release 2.0: {runs} runs, {hits} failed").And.Contain($"baseline 1.0: {runsBefore} runs, {hitsBefore} failed")
        );
        Assert.That(result.Output, Does.Contain($"\n{word.PadRight(13)}  {hits} of {runs}, baseline {hitsBefore} of {runsBefore}"));
    }

    [Test]
    public async Task Groups_link_to_the_history_of_their_shape()
    {
        using var folder = new TempFolder();
        var file = Write(folder, ("1.0", 0, 5), ("1.1", 1, 4), ("2.0", 3, 3));
        var groups = await Tool.RunAsync("inspect", file, "--group");
        var link = groups
            .Output.Split('\n')
            .Single(l => l.StartsWith("  by release: ", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3..];
        var result = await Tool.RunAsync(link);
        Assert.That(result.Output, Does.EndWith("  1.0  0 of 5 runs (0.0%)\n  1.1  1 of 4 runs (25.0%)\n  2.0  3 of 3 runs (100.0%)\n"));
    }

    [Test]
    public async Task Baseline_and_release_may_be_chosen()
    {
        using var folder = new TempFolder();
        var file = Write(folder, ("1.0", 0, 5), ("1.1", 1, 4), ("2.0", 3, 3));
        Assert.That((await Tool.RunAsync("releases", file, "--baseline", "1.0")).Output, Does.Contain("baseline 1.0: 5 runs"));
        Assert.That(
            (await Tool.RunAsync("releases", file, "--release", "1.1")).Output,
            Does.Contain("release 1.1: 4 runs").And.Contain("baseline 1.0: 5 runs")
        );
        Assert.That((await Tool.RunAsync("releases", file, "--release", "1.0")).Output, Does.Contain("no release to compare it with"));
    }

    [TestCase("no run of FILE is of that release; there are 1.0, 2.0", "--release", "3.0")]
    [TestCase("no run of FILE has it", "--shape", "000000000000")]
    public async Task What_is_not_there_is_said(string message, params string[] arguments)
    {
        using var folder = new TempFolder();
        var file = Write(folder, ("1.0", 0, 5), ("2.0", 1, 4));
        var result = await Tool.RunAsync(["releases", file, .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Errors, Does.Contain(message.Replace("FILE", file, StringComparison.Ordinal)));
    }

    [Test]
    public async Task Runs_without_a_release_cannot_be_compared()
    {
        using var folder = new TempFolder();
        var result = await Tool.RunAsync("releases", Write(folder, (null, 1, 2)));
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Errors, Does.Contain("none of 2 run(s) says its release; put service.version on the resource"));
    }

    private static string Write(TempFolder folder, params (string? Release, int Failed, int Runs)[] releases)
    {
        List<Trace> traces = [];
        foreach (var (release, failed, runs) in releases)
            for (var i = 0; i < runs; i++)
            {
                var run = new RunBuilder(1_790_000_000 + (100 * traces.Count))
                {
                    Release = release,
                    RootError = i < failed ? ("TimeoutError", "timed out") : null,
                }.Model(0, 1);
                var trace = (
                    i < failed ? run.Tool("read", 1, 5, ("TimeoutError", "timed out")) : run.Tool("read", 1, 1).Model(3, 1)
                ).Build();
                var id = (traces.Count + 1).ToString("x32", CultureInfo.InvariantCulture);
                traces.Add(new Trace(id, trace.Spans.Select(s => s with { TraceId = id })));
            }
        var path = Path.Combine(folder.Path, "fleet.otlp.jsonl");
        using var file = File.Create(path);
        OtlpJson.Write(file, traces);
        return path;
    }
}
