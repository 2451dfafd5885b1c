using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>A line of source that a trace points at.</summary>
/// <param name="Why"><c>constant</c>, <c>tool</c> or <c>catch</c>.</param>
/// <param name="File">The file, relative to the folder that was searched, with slashes.</param>
/// <param name="Line">From 1.</param>
/// <param name="Text">The line, trimmed.</param>
internal sealed record BridgeHit(string Why, string File, int Line, string Text);

/// <summary>
/// From trace to source: the lines that hold the time-out whose duration a call shows, the lines that name the failing tool, and the catch
/// clauses of the files that hold either, innermost suspicion first.
/// </summary>
internal static partial class CodeBridge
{
    private const int MaxFileBytes = 2 << 20;
    private static readonly string[] s_extensions =
    [
        ".cs",
        ".py",
        ".ts",
        ".tsx",
        ".js",
        ".mjs",
        ".java",
        ".kt",
        ".go",
        ".rb",
        ".rs",
        ".json",
        ".yaml",
        ".yml",
        ".toml",
    ];
    private static readonly string[] s_skipped = [".git", "node_modules", "bin", "obj", "artifacts", ".venv", "dist"];

    /// <summary>Searches a folder for what a run points at.</summary>
    /// <exception cref="BadInputException">There is no such folder.</exception>
    public static IReadOnlyList<BridgeHit> Search(AgentRun run, string folder)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"{folder}: there is no such folder; give the root of the agent's source");
        var inspected = InspectedRun.Of(run);
        TimeSpan[] constants =
        [
            .. inspected
                .Findings.Where(f => f.Rule.Name == "timeout-constant")
                .SelectMany(f => f.Evidence)
                .Select(s => Rules.TimeoutConstant.ConstantBelow(s.Duration, timedOut: true))
                .OfType<TimeSpan>()
                .Distinct()
                .Order(),
        ];
        string[] tools =
        [
            .. run
                .ToolCalls.Where(c => c.Error is not null)
                .Select(c => c.Name)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        var literals = constants.Select(Literals).ToArray();
        var hits = new List<BridgeHit>();
        foreach (var file in Files(folder))
            hits.AddRange(SearchFile(file, Path.GetRelativePath(folder, file).Replace('\\', '/'), literals, tools));
        return
        [
            .. hits.OrderBy(h =>
                    h.Why switch
                    {
                        "constant" => 0,
                        "tool" => 1,
                        _ => 2,
                    }
                )
                .ThenBy(h => h.File, StringComparer.Ordinal)
                .ThenBy(h => h.Line),
        ];
    }

    private static List<BridgeHit> SearchFile(string path, string name, Regex[] literals, string[] tools)
    {
        var lines = File.ReadAllLines(path);
        var hits = new List<BridgeHit>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (literals.Any(l => l.IsMatch(lines[i])) && AboutTime().IsMatch(lines[i]))
                hits.Add(new("constant", name, i + 1, lines[i].Trim()));
            else if (tools.Any(t => lines[i].Contains(t, StringComparison.Ordinal)))
                hits.Add(new("tool", name, i + 1, lines[i].Trim()));
        }
        // A catch clause matters where the tool is implemented, or where its errors would pass.
        if (hits.Count > 0 || lines.Any(l => AboutTools().IsMatch(l)))
            for (var i = 0; i < lines.Length; i++)
                if (CatchClause().IsMatch(lines[i]))
                    hits.Add(new("catch", name, i + 1, lines[i].Trim()));
        return hits;
    }

    private static IEnumerable<string> Files(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory
            .EnumerateFiles(folder, "*", options)
            .Where(f => s_extensions.Contains(Path.GetExtension(f), StringComparer.Ordinal) && new FileInfo(f).Length <= MaxFileBytes)
            .Where(f =>
                !Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).Any(p => s_skipped.Contains(p, StringComparer.Ordinal))
            )
            .Order(StringComparer.Ordinal);
    }

    // 60, 60.0, 60_000, 60000, 00:01:00 and 1 minute are all the same constant.
    private static Regex Literals(TimeSpan constant)
    {
        List<string> forms = [];
        if (constant.TotalSeconds >= 1)
            forms.Add(
                $@"{constant.TotalSeconds.ToString(CultureInfo.InvariantCulture).Replace(".", @"\.", StringComparison.Ordinal)}(\.0+)?"
            );
        var milliseconds = ((long)constant.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        forms.Add(milliseconds.Length > 3 ? $"{milliseconds[..^3]}_?{milliseconds[^3..]}" : milliseconds);
        forms.Add(Regex.Escape(constant.ToString("c", CultureInfo.InvariantCulture)));
        if (constant.TotalMinutes >= 1 && constant.TotalMinutes == Math.Floor(constant.TotalMinutes))
            forms.Add($@"FromMinutes\({constant.TotalMinutes.ToString(CultureInfo.InvariantCulture)}\)");
        return new Regex($@"(?<![\w.])({string.Join('|', forms)})(?![\w.])", RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    [GeneratedRegex("time|seconds|minutes|millis|delay|wait|deadline|TimeSpan|_ms|ttl", RegexOptions.IgnoreCase)]
    private static partial Regex AboutTime();

    [GeneratedRegex("tool", RegexOptions.IgnoreCase)]
    private static partial Regex AboutTools();

    [GeneratedRegex(@"\bcatch\b|\bexcept\b|\brescue\b|\.catch\(")]
    private static partial Regex CatchClause();
}
