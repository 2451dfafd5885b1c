using System.Text.RegularExpressions;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>What --help says, of the tool and of every command.</summary>
public sealed class HelpTests
{
    private static readonly string[] s_groups =
    [
        "Read traces (nothing is replayed)",
        "Make a fixture or a test of a trace",
        "Replay agents",
        "From a fix to a closed incident",
        "Serve mocks, receive telemetry",
        "The tool itself",
    ];

    [Test]
    public async Task Commands_stand_in_groups_and_those_that_a_newcomer_needs_come_first()
    {
        var sections = await SectionsAsync();
        Assert.That(sections.Keys, Is.EqualTo(s_groups.Prepend("Begin with")));
        Assert.That(sections["Begin with"], Is.EqualTo(new[] { "demo", "inspect", "tree", "new", "run" }));
        Assert.That(Grouped(sections), Is.Unique.And.SupersetOf(sections["Begin with"]).And.Exactly(36).Items);
    }

    // Only the command that is asked for is made, found by a name that stands beside it.
    [Test]
    public async Task Every_command_answers_by_the_name_that_help_gives_it_and_ends_with_an_example_that_parses()
    {
        var answers = await Task.WhenAll(Grouped(await SectionsAsync()).Select(AnswerAsync));
        Assert.That(answers.Where(a => a.Length > 0), Is.Empty);
    }

    // What is wrong, or nothing.
    private static async Task<string> AnswerAsync(string name)
    {
        var help = await Tool.RunAsync(name, "--help");
        var example = Regex.Match(help.Output, $@"\n\nExample:\n  replay-harness ({name} .*)\n\z");
        if (help.ExitCode != 0 || help.Errors.Length > 0 || !example.Success)
            return $"{name}: {help.Output}{help.Errors}";
        var parsed = await Tool.RunAsync(["[diagram]", .. example.Groups[1].Value.Split(' ')]);
        return parsed.ExitCode == 0 ? "" : $"{example.Value}: {parsed.Errors}";
    }

    private static IEnumerable<string> Grouped(Dictionary<string, string[]> sections) => s_groups.SelectMany(g => sections[g]);

    private static async Task<Dictionary<string, string[]>> SectionsAsync()
    {
        var help = await Tool.RunAsync("--help");
        Assert.That((help.ExitCode, help.Errors), Is.EqualTo((0, "")));
        return Regex
            .Matches(help.Output, @"(?m)^([A-Z][^:\n]*):\n((?:  [a-z]+ .*\n)+)")
            .ToDictionary(
                m => m.Groups[1].Value,
                m => m.Groups[2].Value.TrimEnd('\n').Split('\n').Select(l => l.Trim().Split(' ')[0]).ToArray(),
                StringComparer.Ordinal
            );
    }
}
