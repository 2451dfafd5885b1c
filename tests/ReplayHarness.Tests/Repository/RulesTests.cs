using System.Text.RegularExpressions;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Tests.Repository;

/// <summary>The rules that this repository keeps.</summary>
public sealed partial class RulesTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 300,
        MaxTestLines = 500;
    private const int MaxFunctionLines = 64;

    // Data flows left to right: a folder uses only those to its left, and a project only those before it.
    private static readonly string[] s_folders =
    [
        "Traces",
        "Stores",
        "Shapes",
        "Diagnosis",
        "Fixtures",
        "Wire",
        "Replays",
        "Judging",
        "Running",
        "Evidence",
        "Reports",
        "Host",
        "Server",
        "NUnit",
        "Cli",
    ];

    [Test]
    public void Top_level_holds_only_what_it_should()
    {
        string[] folders =
        [
            .. Directory
                .GetDirectories(Repo.Root)
                .Select(d => Path.GetFileName(d)!)
                .Where(d => d is not (".git" or "artifacts" or "TestResults" or ".vs" or ".idea"))
                .Order(StringComparer.Ordinal),
        ];
        Assert.That(folders, Is.EqualTo(new[] { ".ci", "docs", "fixtures", "replays", "src", "templates", "tests" }));
    }

    [Test]
    public void Files_are_short() =>
        Assert.That(
            from file in Repo.Sources()
            let most = file.Path.StartsWith("src/", StringComparison.Ordinal) ? MaxLines : MaxTestLines
            where file.Lines.Length > most
            select $"{file.Path}: {file.Lines.Length} lines, at most {most}",
            Is.Empty
        );

    [Test]
    public void Functions_are_short() => Assert.That(Repo.Sources("src/").SelectMany(f => LongFunctions(f.Path, f.Lines)), Is.Empty);

    [Test]
    public void Nothing_is_left_for_another_day() =>
        Assert.That(Matches(LeftOver(), "src/", "tests/", "replays/", ".ci/", "docs/", "README.md", "run-replays.sh"), Is.Empty);

    [Test]
    public void No_path_of_a_machine_and_no_registry_is_named() => Assert.That(Matches(MachinePath(), ""), Is.Empty);

    [Test]
    public void Line_ends_are_LF_and_files_end_with_one() =>
        Assert.That(
            Repo.TextFiles()
                .Where(f => f.Text.Contains('\r') || !(Generated(f.Path) || f.Path.Contains("/Data/") || f.Text.EndsWith('\n')))
                .Select(f => f.Path),
            Is.Empty
        );

    [Test]
    public void Links_of_documents_lead_somewhere()
    {
        var broken =
            from file in Repo.TextFiles()
            where file.Path.EndsWith(".md", StringComparison.Ordinal)
            from Match link in Link().Matches(file.Text)
            let target = Path.Combine(Repo.Root, Path.GetDirectoryName(file.Path)!, link.Groups[1].Value)
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{file.Path}: {link.Value}";
        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void Folders_use_only_those_to_their_left()
    {
        var wrong =
            from file in Repo.Sources("src/")
            let place = Array.IndexOf(s_folders, FolderOf(file.Path))
            where place >= 0
            from line in file.Lines
            let used = Array.FindIndex(s_folders, f => Regex.IsMatch(line, $@"^using (static )?ReplayHarness\.{f}\b"))
            where used > place
            select $"{file.Path}: {line}";
        Assert.That(wrong, Is.Empty);
    }

    // Of the two library projects the folder, of the others the project.
    private static string FolderOf(string path) =>
        path.Split('/') is [_, "ReplayHarness" or "ReplayHarness.Traces", var folder, ..] ? folder : path.Split('/')[1].Split('.')[^1];

    [Test]
    public void Namespaces_follow_folders()
    {
        var wrong =
            from file in Repo.Sources("src/")
            let expected = string.Join(
                '.',
                file.Path.Replace("ReplayHarness.Traces/", "ReplayHarness/", StringComparison.Ordinal).Split('/')[1..^1]
            )
            let declared = file.Lines.FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))
            where declared is not null && declared != $"namespace {expected};"
            select $"{file.Path}: {declared}";
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Names_of_a_dialect_stand_in_its_own_file_only()
    {
        var own = from dialect in DialectTable.All from prefix in dialect.Prefixes group $"Dialects/{dialect.GetType().Name}.cs" by prefix;
        var wrong =
            from prefix in own
            from file in Repo.Sources("src/")
            where !prefix.Any(f => file.Path.EndsWith(f, StringComparison.Ordinal))
            from line in file.Lines
            where line.Contains($"\"{prefix.Key}", StringComparison.Ordinal)
            select $"{file.Path}: {line.Trim()}";
        Assert.That(wrong, Is.Empty);
        Assert.That(own.Count(), Is.GreaterThan(10));
    }

    // Who reads a message of the library may sit at a command line or in a test: each front end words what to do for its own users.
    [Test]
    public void Messages_of_the_library_name_no_option()
    {
        string[] commands =
        [
            "Diagnosis/NextCommands.cs", // What to type next is commands.
            "Diagnosis/Rules/Concurrency.cs",
            "Diagnosis/SignalsOf.cs", // Says where a bound came from.
            "Diagnosis/ReplayEvidence.cs", // Reads what a command printed.
            "Running/RerunCommand.cs",
            "Running/Schedules.cs",
            "Running/HostProcess.cs", // Options of the dotnet command.
            "Redacting/Headers.cs", // Options of other commands, which passwords follow.
            "Evidence/Verification.cs", // The command that verifies again.
            "ReplayHarness.NUnit/Rerun.cs",
            "ReplayHarness.NUnit/Attachments.cs",
        ];
        var wrong =
            from file in Repo.Sources("src/")
            where !file.Path.StartsWith("src/ReplayHarness.Cli/", StringComparison.Ordinal) && !file.Path.Contains("/History/")
            where !commands.Any(c => file.Path.EndsWith(c, StringComparison.Ordinal))
            from line in file.Lines
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line, "\"[^\"]*--[a-z][a-z-]+")
            select $"{file.Path}: {line.Trim()}";
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Lines_are_at_most_140_columns_wide()
    {
        var wide =
            from file in Repo.Sources()
            let raw = InRawText(file.Lines)
            from i in Enumerable.Range(0, file.Lines.Length)
            // Data in a test's raw text stands as it is sent.
            where file.Lines[i].Length > MaxColumns && !(file.Path.StartsWith("tests/", StringComparison.Ordinal) && raw[i])
            select $"{file.Path}:{i + 1}: {file.Lines[i].Length} columns, at most {MaxColumns}";
        Assert.That(wide, Is.Empty);
    }

    private static bool[] InRawText(string[] lines)
    {
        var raw = new bool[lines.Length];
        var open = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var marks = Regex.Count(lines[i], "\"\"\"");
            raw[i] = open || marks > 0;
            open ^= marks % 2 == 1;
        }
        return raw;
    }

    [Test]
    public void Agents_know_nothing_of_the_harness() => Assert.That(Matches(Harness(), "tests/Agents/"), Is.Empty);

    [Test]
    public void Nothing_reads_what_lies_beside_the_repository() =>
        Assert.That(Matches(Beside(), "src/", "tests/ReplayHarness", "replays/", "run-replays.sh", ".ci/"), Is.Empty);

    [Test]
    public void Every_suppressed_warning_has_its_reason()
    {
        var wrong =
            from file in Repo.TextFiles()
            where file.Path.EndsWith(".props", StringComparison.Ordinal) || file.Path.EndsWith(".csproj", StringComparison.Ordinal)
            let lines = file.Text.Split('\n')
            from i in Enumerable.Range(0, lines.Length)
            where
                lines[i].Contains("<NoWarn>", StringComparison.Ordinal)
                && !lines[i].Contains("<!--", StringComparison.Ordinal)
                && !lines[i - 1].Contains("<!--", StringComparison.Ordinal)
            select $"{file.Path}:{i + 1}: {lines[i].Trim()}";
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_pragma_has_its_reason() =>
        Assert.That(
            Repo.Sources()
                .SelectMany(f =>
                    f.Lines.Where(l =>
                            l.StartsWith("#pragma warning disable", StringComparison.Ordinal) && !l.Contains("//", StringComparison.Ordinal)
                        )
                        .Select(l => $"{f.Path}: {l}")
                ),
            Is.Empty
        );

    private static bool Generated(string path) =>
        path.EndsWith(".verified.txt", StringComparison.Ordinal) || path.EndsWith("packages.lock.json", StringComparison.Ordinal);

    private static IEnumerable<string> LongFunctions(string path, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != "    {" || i == 0 || !lines[i - 1].StartsWith("    ", StringComparison.Ordinal))
                continue;
            // An initialiser ends in a semicolon.
            var end = Array.FindIndex(lines, i, l => l is "    }" or "    };");
            if (end < 0 || lines[end] == "    };")
                continue;
            if (
                end - i > MaxFunctionLines
                && !lines[i - 1].Contains(" class ", StringComparison.Ordinal)
                && !lines[i - 1].Contains(" record ", StringComparison.Ordinal)
            )
                yield return $"{path}:{i}: {end - i} lines, at most {MaxFunctionLines}";
        }
    }

    private static IEnumerable<string> Matches(Regex pattern, params string[] below) =>
        from file in Repo.TextFiles()
        where
            below.Any(b => file.Path.StartsWith(b, StringComparison.Ordinal))
            && !file.Path.EndsWith(nameof(RulesTests) + ".cs", StringComparison.Ordinal)
        from Match match in pattern.Matches(file.Text)
        select $"{file.Path}: {match.Value}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|\[Ignore|Assert\.Pass\(")]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"(?<![A-Za-z0-9_./-])/(work|farm|home/[a-z]+|root|Users/[A-Za-z]+)/[A-Za-z]|api\.nuget\.org|artifactory|nexus\.")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"using ReplayHarness|ReplayHarness\.csproj")]
    private static partial Regex Harness();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\.\./shared|/shared/traces|/shared/incidents")]
    private static partial Regex Beside();
}
