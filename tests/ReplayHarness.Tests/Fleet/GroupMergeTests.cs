using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Fleet;

/// <summary>Groups of runs that several machines read, as one that had read all.</summary>
public sealed class GroupMergeTests
{
    [Test]
    public async Task Groups_of_several_machines_are_those_of_one_that_reads_all_files()
    {
        using var folder = new TempFolder();
        var text = File.ReadAllText(Data.DriveTimeout);
        folder.Write("1.otlp.jsonl", text);
        // The same failures in other traces.
        folder.Write("2.otlp.jsonl", text.Replace("019e6b", "119e6b", StringComparison.Ordinal));
        folder.Write("3.otlp.jsonl", File.ReadAllText(Data.ThreeRuns));
        var whole = await InspectAsync("*.otlp.jsonl");
        foreach (var i in (int[])[1, 2, 3])
            folder.Write($"{i}.json", await InspectAsync($"{i}.otlp.jsonl"));
        var merged = await Tool.RunInAsync(folder.Path, "merge", "--groups", "1.json", "2.json", "3.json");
        Assert.That((merged.ExitCode, merged.Output), Is.EqualTo((0, whole)), merged.Errors);

        folder.Write("4.json", "{\"groups\":7}");
        var wrong = await Tool.RunInAsync(folder.Path, "merge", "--groups", "4.json");
        Assert.That((wrong.ExitCode, wrong.Output), Is.EqualTo((3, "")));
        Assert.That(wrong.Errors, Does.Contain("4.json:1:").And.Contain("expected what inspect --group --json printed"));

        async Task<string> InspectAsync(string source) =>
            (await Tool.RunInAsync(folder.Path, "inspect", source, "--group", "--json")).Output;
    }
}
