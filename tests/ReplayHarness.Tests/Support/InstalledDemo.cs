using System.Text.RegularExpressions;

namespace ReplayHarness.Tests.Support;

/// <summary>
/// What the demo of the installed tool did: run once for all that look at it, offline, and with no package but the tool's.
/// </summary>
internal static class InstalledDemo
{
    private static readonly Lazy<Ran> s_ran = new(Run);

    /// <summary>The run.</summary>
    public static Ran Result => s_ran.Value;

    /// <summary>
    /// A text that leaves out lines of what was printed, and says where by a line of its own, as it would have to be: the text itself where
    /// it is faithful, else all that was printed.
    /// </summary>
    public static string Abridged(string text)
    {
        var parts = text.Split("\n…\n").Select(p => Regex.Escape(p.TrimEnd('\n')));
        return Regex.IsMatch(Result.Output, $@"\A{string.Join(@"\n(?:.*\n)*?", parts)}\n?\z", RegexOptions.None, TimeSpan.FromSeconds(10))
            ? text
            : Result.Output;
    }

    private static Ran Run()
    {
        using var solution = new FreshSolution();
        var installed = solution.Shell($"dotnet tool install replay-harness --tool-path {solution.Tools}");
        Assert.That(installed.ExitCode, Is.Zero, installed.Output);
        var temporary = Directory.CreateDirectory(Path.Combine(solution.Work, "..", "tmp")).FullName;
        File.Delete(Path.Combine(solution.Work, "nuget.config"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (code, output) = solution.Shell(
            $"NUGET_PACKAGES={solution.Work}/../none HTTPS_PROXY=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 TMPDIR={temporary} "
                + "replay-harness demo"
        );
        return new(
            code,
            output,
            watch.Elapsed,
            [.. Directory.GetFileSystemEntries(solution.Work).Select(f => Path.GetFileName(f)!)],
            [.. Directory.GetDirectories(temporary, "replay-harness-demo-*")],
            File.Exists(Path.Combine(solution.Work, "replay-harness-demo.html"))
                ? File.ReadAllText(Path.Combine(solution.Work, "replay-harness-demo.html"))
                : ""
        );
    }

    /// <summary>A run of the demo.</summary>
    /// <param name="ExitCode">How it ended.</param>
    /// <param name="Output">What it printed.</param>
    /// <param name="Lasted">How long it took.</param>
    /// <param name="Left">What it left in its folder.</param>
    /// <param name="Temporary">The folders that it left among temporary files.</param>
    /// <param name="Report">The report that it left.</param>
    internal sealed record Ran(
        int ExitCode,
        string Output,
        TimeSpan Lasted,
        IReadOnlyList<string> Left,
        IReadOnlyList<string> Temporary,
        string Report
    );
}
