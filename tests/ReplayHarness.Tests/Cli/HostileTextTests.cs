using System.Globalization;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Cli;

/// <summary>A trace in which every text is hostile: nothing of it reaches a terminal as it is, or begins a line of its own.</summary>
public sealed class HostileTextTests
{
    // A line that looks like the tool's own, a title for the window, an order of writing, and what shells and Markdown read.
    private const string Evil = "\nEVIL: removed\r\u001b]0;title\u0007\u202e\u0085\u009b31m\u2028`id` $(id) |[x](http://evil.example) @all";

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
        Assert.That(
            printed.Where(IsUnseen).Select(c => string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}")).Distinct(),
            Is.Empty
        );
        // What models and tools said may have lines, and is set in by twelve.
        var begun = printed.Split('\n').Where(l => l.TrimStart().StartsWith("EVIL", StringComparison.Ordinal));
        Assert.That(begun.Where(l => !l.StartsWith(new string(' ', 12), StringComparison.Ordinal)), Is.Empty);
    }

    private static bool IsUnseen(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e' or '\u2028';

    private static Span Hostile(Span span) =>
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
