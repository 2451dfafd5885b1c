using System.Globalization;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Cli;

/// <summary>A trace in which every text is hostile: nothing of it reaches a terminal as it is, or begins a line of its own.</summary>
public sealed class HostileTextTests
{
    // A line that looks like the tool's own, a title for the window, an order of writing, and what shells and Markdown read.
    internal const string Evil =
        "\nEVIL: removed\r\u001b]0;title\u0007\u202e\u0085\u009b31m\u2028`id` $(id) |[x](http://evil.example) "
        + "@all </script><script>alert(1)</script><img src=x onerror=alert(2)>";

    // What decides what a span is, and what joins calls.
    private static readonly string[] s_kept = ["role", "type", "id", "gen_ai.operation.name", "finish_reason"];

    private TempFolder _folder = null!;
    private string _traces = "";

    [OneTimeSetUp]
    public void Write()
    {
        _folder = new();
        _traces = Path.Combine(_folder.Path, "t.jsonl");
        using var file = File.Create(_traces);
        OtlpJson.Write(file, Data.Load(Data.DriveTimeout).Select(t => new Trace(t.TraceId, t.Spans.Select(Hostile))));
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    private static IEnumerable<string> Commands()
    {
        yield return "find T --where gen_ai.operation.name=chat";
        yield return "tree T --trace 019e6b59";
        yield return "tree T --trace 019e6b59 --waterfall";
        yield return "attempts T --where gen_ai.operation.name=chat";
        yield return "io T --trace 019e6b59";
        yield return "bridge T --trace 019e6b59 --code C";
        yield return "inspect T";
        yield return "inspect T --group";
        yield return "inspect T --json";
        yield return "releases T";
        yield return "checklist T --trace 019e6b59";
        yield return "debug 019e6b59 --traces T";
        yield return "debug 019e6b59 --traces T --table";
        yield return "debug 019e6b59 --traces T --markdown";
        yield return "debug 019e6b59 --traces T --json";
        yield return "capture T --trace 019e6b59 --out F";
    }

    [TestCaseSource(nameof(Commands))]
    public async Task Is_shown_and_does_nothing(string command)
    {
        using var folder = new TempFolder();
        string[] arguments =
        [
            .. command
                .Split(' ')
                .Select(w =>
                    w == "T" ? _traces
                    : w == "C" ? Data.Root
                    : w == "F" ? Path.Combine(folder.Path, "f")
                    : w
                ),
        ];
        var result = await Tool.RunAsync(arguments);
        var printed = result.Output + result.Errors;
        Assert.That(result.ExitCode, Is.Zero, printed);
        IsHarmless(printed);
    }

    /// <summary>Nothing unseen is printed, and no line begins with what a trace says.</summary>
    internal static void IsHarmless(string printed)
    {
        Assert.That(
            printed.Where(IsUnseen).Select(c => string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}")).Distinct(),
            Is.Empty
        );
        // What models and tools said may have lines, and is set in by twelve.
        var begun = printed.Split('\n').Where(l => l.TrimStart().StartsWith("EVIL", StringComparison.Ordinal));
        Assert.That(begun.Where(l => !l.StartsWith(new string(' ', 12), StringComparison.Ordinal)), Is.Empty);
    }

    // What is committed, and shown by a forge as Markdown: text stands in code, where it opens nothing and calls nobody.
    [Test]
    public async Task Stands_as_text_in_what_a_capture_writes()
    {
        using var folder = new TempFolder();
        var fixture = Path.Combine(folder.Path, "f");
        var result = await Tool.RunAsync("capture", _traces, "--trace", "019e6b59", "--out", fixture);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        var readme = await File.ReadAllTextAsync(Path.Combine(fixture, "README.md"));
        var outside = string.Concat(readme.Split('`').Where((_, i) => i % 2 == 0));
        Assert.That(readme, Does.Contain("@all"));
        Assert.That(readme.Where(IsUnseen), Is.Empty);
        Assert.That(outside, Does.Not.Contain("@all").And.Not.Contain("<script").And.Not.Contain("[x]("));
    }

    [Test]
    public async Task Stands_as_text_in_a_page()
    {
        using var folder = new TempFolder();
        var (fixture, page) = (Path.Combine(folder.Path, "f"), Path.Combine(folder.Path, "r.html"));
        await Tool.RunAsync("capture", _traces, "--trace", "019e6b59", "--out", fixture);
        var result = await Tool.RunAsync("report", fixture, "--out", page);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        var html = await File.ReadAllTextAsync(page);
        Assert.That(html, Does.Contain("EVIL"));
        Assert.That(html, Does.Not.Contain("<script>alert").And.Not.Contain("<img src=x"));
    }

    [TestCase("a | b", @"a \| b")]
    [TestCase("@all of us@x.example", "@<!-- -->all of us@x.example")]
    [TestCase("[x](y) <b> `c` *d* &lt;", @"\[x](y) \<b> \`c\` \*d\* \&lt;")]
    [TestCase("# no heading", @"\# no heading")]
    [TestCase("1. no list", @"1\. no list")]
    [TestCase("lines\nand\u001b[31m", @"lines\\nand\\u001B\[31m")]
    [TestCase("captured@tool 1.5 is_well", "captured@tool 1.5 is_well")]
    public void Markdown_shows_text_as_it_is(string text, string expected) => Assert.That(Markdown.Text(text), Is.EqualTo(expected));

    private static bool IsUnseen(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e' or '\u2028';

    internal static Span Hostile(Span span) =>
        span with
        {
            Name = span.Name + Evil,
            StatusMessage = span.StatusMessage is null ? null : span.StatusMessage + Evil,
            Attributes = Hostile(span.Attributes),
            Resource = Hostile(span.Resource),
            Events = [.. span.Events.Select(e => e with { Attributes = Hostile(e.Attributes) })],
        };

    private static AttributeSet Hostile(AttributeSet attributes) =>
        new([.. attributes.Select(a => KeyValuePair.Create(a.Key, s_kept.Contains(a.Key) ? a.Value : Hostile(a.Value)))]);

    private static object? Hostile(object? value) =>
        value switch
        {
            string text when text.StartsWith('{') || text.StartsWith('[') => Json.Write(Hostile(Json.TryParse(text))),
            string text => text + Evil,
            IReadOnlyDictionary<string, object?> map => map.ToDictionary(
                m => m.Key,
                m => s_kept.Contains(m.Key) ? m.Value : Hostile(m.Value),
                StringComparer.Ordinal
            ),
            IReadOnlyList<object?> list => list.Select(Hostile).ToArray(),
            _ => value,
        };
}
