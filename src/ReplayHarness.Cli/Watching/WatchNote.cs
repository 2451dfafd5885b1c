using System.Globalization;
using System.Text;
using ReplayHarness.Diagnosis;
using ReplayHarness.Evidence;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>A note on a shape in Markdown, as the text of a pull request.</summary>
internal static class WatchNote
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "note.md";

    /// <summary>Writes it, unless it says the same already.</summary>
    public static void Write(string file, string fingerprint, KnownShape shape, WatchOptions options)
    {
        var text = Text(fingerprint, shape, options);
        if (File.Exists(file) && File.ReadAllText(file) == text)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        WholeFile.Write(file, text);
    }

    /// <summary>The command that replays a fixture.</summary>
    public static string Replays(string fixture) => $"replay-harness run {NextCommands.Quoted(fixture)} --agent DLL[:TYPE]";

    private static string Text(string fingerprint, KnownShape shape, WatchOptions options)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Failure shape {fingerprint}\n\n");
        foreach (var finding in shape.Findings)
            text.Append(CultureInfo.InvariantCulture, $"- {Markdown.Text(finding)}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nSeen {Times(shape.Runs)}, first {JsonOut.Time(shape.FirstNanos)}, last {JsonOut.Time(shape.LastNanos)}, in "
                + $"{Markdown.Code(options.Source)}. An example is trace {Markdown.Code(shape.Example)}.\n"
        );
        text.Append("\n| release | failed runs | first |\n|---|---|---|\n");
        foreach (var (release, count) in shape.Releases.OrderBy(r => r.Value.FirstNanos).ThenBy(r => r.Key, StringComparer.Ordinal))
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {(release.Length == 0 ? "not told" : Markdown.CodeCell(release))} | {count.Runs} | {JsonOut.Time(count.FirstNanos)} |\n"
            );
        if (shape.Fixture is { } fixture)
        {
            text.Append("\nReplay it:\n\n```sh\n");
            if (options.Agent is { } tests)
                text.Append(CultureInfo.InvariantCulture, $"dotnet test --project {Markdown.Fenced(NextCommands.Quoted(tests))}\n");
            text.Append(CultureInfo.InvariantCulture, $"{Markdown.Fenced(Replays(fixture))}\n```\n");
        }
        else
            text.Append(CultureInfo.InvariantCulture, $"\nThere is no fixture: {Markdown.Text(shape.Problem ?? "none was captured")}\n");
        return text.ToString();
    }

    private static string Times(long runs) => runs == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{runs} times");
}
