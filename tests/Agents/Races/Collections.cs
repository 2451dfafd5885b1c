using System.Text;
using System.Text.Json.Nodes;
using Pitfalls;

namespace Races;

/// <summary>The lines of all answers go into one dictionary, which grows meanwhile.</summary>
public static class LineIndex
{
    public static Dispatch Broken { get; } = Of(() => new Index(parts: 1));

    /// <summary>A dictionary for each answer.</summary>
    public static Dispatch Fixed { get; } = Of(() => new Index(Paper.Papers));

    private static Dispatch Of(Func<Index> open) =>
        Turn.OverAnswers(
            Fans.Query,
            open,
            (index, i, text) => index.Add(i, text),
            index => Paper.Unless(index.Count == Paper.Papers * Paper.Lines, $"{index.Count} lines are in the index")
        );

    private sealed class Index(int parts)
    {
        private readonly Dictionary<string, int>[] _parts = [.. Enumerable.Range(0, parts).Select(_ => new Dictionary<string, int>())];

        public int Count => _parts.Sum(p => p.Count);

        public void Add(int paper, string text)
        {
            foreach (var line in Paper.LinesOf(text))
                _parts[paper % parts][line] = paper;
        }
    }
}

/// <summary>Each item tells how far all are, while the others add their lines.</summary>
public static class ProgressReport
{
    public static Dispatch Broken { get; } = Of(progress => progress.Lines);

    public static Dispatch Fixed { get; } = Of(progress => progress.Copy());

    private static Dispatch Of(Func<Progress, IEnumerable<string>> lines) =>
        Turn.OverAnswers(
            Fans.Threads,
            () => new Progress(),
            (progress, _, text) =>
            {
                foreach (var line in Paper.LinesOf(text))
                {
                    progress.Add(line);
                    if (line.EndsWith('0'))
                        _ = lines(progress).Sum(l => l.Length);
                }
            }
        );

    private sealed class Progress
    {
        private readonly List<string> _lines = [];

        public IEnumerable<string> Lines => _lines;

        public void Add(string line)
        {
            lock (_lines)
                _lines.Add(line);
        }

        public IEnumerable<string> Copy()
        {
            lock (_lines)
                return [.. _lines];
        }
    }
}

/// <summary>A transcript of all answers, in the order in which they came.</summary>
public static class Transcript
{
    public static Dispatch Broken { get; } = Of(_ => 0);

    /// <summary>A builder for each answer.</summary>
    public static Dispatch Fixed { get; } = Of(i => i);

    private static Dispatch Of(Func<int, int> builderOf) =>
        Turn.OnAnswers(
            Meets.Continued,
            () => new StringBuilder[] { new(), new(), new() },
            (builders, i, text) =>
            {
                foreach (var line in Paper.LinesOf(text))
                    builders[builderOf(i)].Append("- ").Append(line).Append('\n');
            },
            builders =>
            {
                var lines = string.Concat(builders.Select(b => b.ToString())).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                var whole = lines.Count(l => l.StartsWith("- ", StringComparison.Ordinal) && l.LastIndexOf('-') == 0);
                return Paper.Unless(lines.Length == whole && whole == Paper.Papers * Paper.Lines, $"{whole} whole lines in the transcript");
            }
        );
}

/// <summary>A report in JSON to which each iteration of a parallel loop adds.</summary>
public static class ReportInJson
{
    public static Dispatch Broken { get; } =
        Of(
            (report, i, text) =>
            {
                foreach (var line in Paper.LinesOf(text))
                    report.Whole[line] = i;
            }
        );

    /// <summary>A node for each answer; who made the report puts them into it.</summary>
    public static Dispatch Fixed { get; } =
        Of(
            (report, i, text) =>
            {
                var part = new JsonObject();
                foreach (var line in Paper.LinesOf(text))
                    part[line] = i;
                report.Parts[i] = part;
            }
        );

    private static Dispatch Of(Action<Report, int, string> add) =>
        Turn.OverAnswers(
            Fans.Each,
            () => new Report(),
            add,
            report => Paper.Unless(report.Count() == Paper.Papers * Paper.Lines, $"{report.Count()} lines in the report")
        );

    private sealed class Report
    {
        public JsonObject Whole { get; } = [];

        public JsonObject?[] Parts { get; } = new JsonObject?[Paper.Papers];

        public int Count() => JsonNode.Parse(Whole.ToJsonString())!.AsObject().Count + Parts.Sum(p => p?.Count ?? 0);
    }
}
