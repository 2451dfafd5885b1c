using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Diagnosis;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Shapes;
using ReplayHarness.Tests.Server;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces.Containers;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Tests.Repository;

/// <summary>What the documents show is what is really printed; accept a change by copying the received file over the document.</summary>
public sealed class DocumentsTests
{
    private const string Built = "artifacts/bin/ReplayHarness.Replays/release/ReplayHarness.Replays.dll";

    [TestCase("README.md")]
    [TestCase("docs/triage.md")]
    [TestCase("docs/kernel.md")]
    [TestCase("docs/testing.md")]
    [TestCase("docs/traces.md")]
    [TestCase("docs/diagnosis.md")]
    [TestCase("docs/report.md")]
    [TestCase("docs/races.md")]
    public Task Every_console_block_prints_what_it_shows(string document) => PrintsAsync(document);

    // In real time: with nothing beside it.
    [Test]
    [NonParallelizable]
    public Task So_does_every_one_of_agents_in_other_processes() => PrintsAsync("docs/agents.md");

    private static async Task PrintsAsync(string document)
    {
        var path = Path.Combine(Repo.Root, document);
        var text = await File.ReadAllTextAsync(path);
        var printed = new StringBuilder();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            printed.Append(lines[i]).Append(i == lines.Length - 1 ? "" : "\n");
            if (i == 0 || lines[i - 1] != "```console")
                continue;
            var end = Array.IndexOf(lines, "```", i);
            printed
                .Append(
                    lines[i] == "$ replay-harness demo"
                        ? InstalledDemo.Abridged(string.Join('\n', lines[(i + 1)..end]) + "\n")
                        : await PrintAsync(Words(lines[i][2..]))
                )
                .Append("```\n");
            i = end;
        }
        Expect(path, text, printed.ToString());
    }

    [Test]
    public void Every_rule_is_listed()
    {
        ExpectTable(
            "docs/shapes.md",
            "| rule | kind | holds where |\n|---|---|---|\n",
            RuleTable.All.Select(r => $"| `{r.Name}` | {r.Kind.ToString().ToLowerInvariant()} | {r.Summary} |\n")
        );
        ExpectTable(
            "docs/diagnosis.md",
            "| rule | holds where |\n|---|---|\n",
            DiagnosticRuleTable.All.Select(r => $"| `{r.Name}` | {r.Summary} |\n")
        );
    }

    [Test]
    public void Every_rule_of_redaction_is_listed() =>
        ExpectTable(
            "docs/redaction.md",
            "| kind | of |\n|---|---|\n",
            Detectors.Own.GroupBy(r => r.Kind).Select(g => $"| `{g.Key}` | {string.Join(", ", g.Select(r => r.Name).Distinct())} |\n")
        );

    [Test]
    public void Every_code_and_every_known_error_is_listed()
    {
        ExpectTable(
            "docs/shapes.md",
            "| codes | class | which |\n|---|---|---|\n",
            ErrorCodes.All.Select(r => $"| {r.Kind} | `{r.Class}` | {string.Join(", ", r.Codes.Select(c => $"`{c}`"))} |\n")
        );
        ExpectTable(
            "docs/shapes.md",
            "| decides | class | types, without namespace or module |\n|---|---|---|\n",
            KnownErrors.All.Select(r =>
                $"| {Decides(r.Reading)} | `{(r.Class.Length == 0 ? "other:TYPE" : r.Class)}` "
                + $"| {string.Join(", ", r.Names.Select(n => $"`{n}`"))} |\n"
            )
        );
    }

    [Test]
    public void Every_form_of_a_trace_is_listed()
    {
        ExpectTable(
            "docs/traces.md",
            "| container | what it does not keep | proved on |\n|---|---|---|\n",
            ContainerTable.All.Select(c => $"| {c.Name}{(c.Forms.Length > 0 ? ": " : "")}{c.Forms} | {c.Lacks} | {c.Proof} |\n")
        );
        ExpectTable(
            "docs/traces.md",
            "| what writes it | proved on |\n|---|---|\n",
            DialectTable.Rows.Select(r => $"| {r.Writers} | {r.Proof} |\n")
        );
    }

    [Test]
    public void Every_page_begins_with_whom_it_is_for()
    {
        var wrong =
            from file in Directory.GetFiles(Path.Combine(Repo.Root, "docs"), "*.md")
            where !file.Contains(".received.", StringComparison.Ordinal)
            let lines = File.ReadLines(file).Where(l => l.Length > 0).Take(2).ToArray()
            where !lines[0].StartsWith("# ", StringComparison.Ordinal) || !lines[1].StartsWith("For ", StringComparison.Ordinal)
            select $"{Path.GetFileName(file)}: {lines[1]}";
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void The_start_page_names_every_page()
    {
        var start = File.ReadAllText(Path.Combine(Repo.Root, "docs", "README.md"));
        var missing =
            from file in Directory.GetFiles(Path.Combine(Repo.Root, "docs"), "*.md")
            let name = Path.GetFileName(file)
            where name != "README.md" && !name.Contains(".received.", StringComparison.Ordinal)
            where !start.Contains($"]({name}", StringComparison.Ordinal)
            select name;
        Assert.That(missing, Is.Empty);
    }

    private static string Decides(ErrorReading reading) =>
        reading switch
        {
            ErrorReading.Type => "the type",
            ErrorReading.Message => "the message, else the type",
            _ => "the type: an error of code",
        };

    [Test]
    public void Every_error_of_another_language_is_listed()
    {
        ExpectTable("docs/fixture.md", "| name, without module | becomes |\n|---|---|\n", Rows(ErrorTypes.Names));
        ExpectTable("docs/fixture.md", "| vague name | becomes |\n|---|---|\n", Rows(ErrorTypes.VagueNames));
        ExpectTable(
            "docs/fixture.md",
            "| class | becomes |\n|---|---|\n",
            ErrorTypes.Classes.Append(("any other", ErrorTypes.OfClass(""))).Select(c => $"| {c.Item1} | `{c.Item2}` |\n")
        );
    }

    private static IEnumerable<string> Rows(IReadOnlyList<(string Exception, string[] Names)> table) =>
        table.Select(r => $"| {string.Join(", ", r.Names.Select(n => $"`{n}`"))} | `{r.Exception}` |\n");

    [Test]
    public void Every_member_of_a_fixture_is_listed()
    {
        using var schema = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repo.Root, "src", "ReplayHarness", "Fixtures", "fixture.schema.json"))
        );
        const string Head = "| member | type | is |\n|---|---|---|\n";
        var path = Path.Combine(Repo.Root, "docs", "fixture.md");
        var (text, printed) = (File.ReadAllText(path), File.ReadAllText(path));
        foreach (
            var (title, part) in schema
                .RootElement.GetProperty("$defs")
                .EnumerateObject()
                .Select(d => (d.Name, d.Value))
                .Prepend(("fixture.json", schema.RootElement))
        )
            printed = WithTable(printed, $"## {title}\n\n{Head}", SchemaRows.Of(part));
        Expect(path, text, printed);
    }

    private static void ExpectTable(string document, string head, IEnumerable<string> rows)
    {
        var path = Path.Combine(Repo.Root, document);
        var text = File.ReadAllText(path);
        Expect(path, text, WithTable(text, head, rows));
    }

    private static string WithTable(string text, string head, IEnumerable<string> rows)
    {
        var start = text.IndexOf(head, StringComparison.Ordinal) + head.Length;
        return text[..start] + string.Concat(rows) + text[(text.IndexOf("\n\n", start - 1, StringComparison.Ordinal) + 1)..];
    }

    private static void Expect(string path, string text, string printed)
    {
        if (text == printed)
            return;
        var received = Path.ChangeExtension(path, ".received" + Path.GetExtension(path));
        File.WriteAllText(received, printed);
        Assert.That(text, Is.EqualTo(printed), $"if the change is meant: cp {received} {path}");
    }

    // The tool reads from the root; of the main job only its last step is run, for the build has been done.
    private static async Task<string> PrintAsync(string[] command)
    {
        if (command is [.. var shown, "|", "head", var count])
            return FirstLines(await PrintAsync(shown), -int.Parse(count, CultureInfo.InvariantCulture));
        if (command.Contains("node"))
            Node.Run("vercel.mjs");
        var replays = Built.Replace("release", Path.GetFileName(Path.TrimEndingDirectorySeparator(Data.Root)), StringComparison.Ordinal);
        string[] arguments = command[0] == "./run-replays.sh" ? ["replays", "replays", "--assembly", Built, .. command[1..]] : command[1..];
        var result = await Tool.RunInAsync(Repo.Root, [.. arguments.Select(a => a.Replace(Built, replays, StringComparison.Ordinal))]);
        Assert.That(result.Errors, Is.Empty);
        return result.Output.Replace(replays, Built, StringComparison.Ordinal);
    }

    // As a shell parts them, double quotes included.
    private static string[] Words(string command) =>
        [.. Regex.Matches(command, "\"([^\"]*)\"|\\S+").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Value)];

    private static string FirstLines(string text, int count) => string.Join('\n', text.Split('\n').Take(count)) + "\n";
}
