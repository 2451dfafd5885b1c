using System.Globalization;
using System.Text.Json;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using static ReplayHarness.Cli.JsonOut;

namespace ReplayHarness.Cli.Commands;

/// <summary>Runs grouped by the fingerprint of their shape: how often each failure happens, since when, in which releases.</summary>
internal static class InspectGroups
{
    // Only what is printed is kept of a run.
    private sealed class Group(InspectedRun example)
    {
        public FailureShape Shape { get; } = example.Shape;

        public string TraceId { get; } = example.Run.Trace.TraceId;

        public int Count { get; private set; }

        public int Failed { get; private set; }

        public long First { get; private set; } = long.MaxValue;

        public long Last { get; private set; } = long.MinValue;

        public SortedSet<string> Releases { get; } = new(StringComparer.Ordinal);

        public void Add(InspectedRun run)
        {
            Count++;
            if (run.Run.Failed)
                Failed++;
            First = Math.Min(First, run.Run.Spans[0].StartNanos);
            Last = Math.Max(Last, run.Run.Spans[0].StartNanos);
            if (RunContext.ReleaseOf(run.Run) is { } release)
                Releases.Add(release);
        }
    }

    public static void Print(IEnumerable<InspectedRun> runs, string source, bool json)
    {
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            if (!groups.TryGetValue(run.Shape.Fingerprint, out var group))
                groups[run.Shape.Fingerprint] = group = new(run);
            group.Add(run);
        }
        Group[] ordered =
        [
            .. groups.Values.OrderByDescending(g => g.Count).ThenBy(g => g.First).ThenBy(g => g.Shape.Fingerprint, StringComparer.Ordinal),
        ];
        if (json)
            Write(new([.. ordered.Select(Row)]), CliJson.Relaxed.GroupsDocument);
        else
            foreach (var group in ordered)
                Print(group, source);
    }

    /// <summary>
    /// Prints as one document what several runs of <c>inspect --group --json</c> printed, as one run over all files would have.
    /// </summary>
    /// <param name="files">What they printed, in the order of the files that they read.</param>
    /// <exception cref="BadInputException">A file holds something else.</exception>
    public static void Merge(IEnumerable<string> files)
    {
        var rows = files
            .SelectMany(Load)
            .GroupBy(r => r.Fingerprint, StringComparer.Ordinal)
            .Select(same =>
                same.First() with
                {
                    Count = same.Sum(r => r.Count),
                    Failed = same.Sum(r => r.Failed),
                    // Times are written alike: the order of their texts is theirs.
                    FirstSeen = same.Select(r => r.FirstSeen).Order(StringComparer.Ordinal).First(),
                    LastSeen = same.Select(r => r.LastSeen).Order(StringComparer.Ordinal).Last(),
                    Releases = new SortedSet<string>(same.SelectMany(r => r.Releases), StringComparer.Ordinal),
                }
            )
            .OrderByDescending(r => r.Count)
            .ThenBy(r => r.FirstSeen, StringComparer.Ordinal)
            .ThenBy(r => r.Fingerprint, StringComparer.Ordinal);
        Write(new([.. rows]), CliJson.Relaxed.GroupsDocument);
    }

    private static IReadOnlyList<GroupRow> Load(string file)
    {
        if (!File.Exists(file))
            throw new BadInputException($"{file}: there is no such file; expected what inspect --group --json printed");
        try
        {
            return JsonSerializer.Deserialize(JsonBytes.Of(file), CliJson.Relaxed.GroupsDocument)?.Groups
                ?? throw new BadInputException($"{file}: holds no groups; expected what inspect --group --json printed");
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{file}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path}: expected what inspect --group --json printed",
                e
            );
        }
    }

    private static void Print(Group group, string source)
    {
        var releases = group.Releases.Count == 0 ? "" : $"  releases {string.Join(", ", group.Releases)}";
        Console.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Count} runs  shape {group.Shape.Fingerprint}  {group.Failed} failed  first {Time(group.First)}  last "
                    + $"{Time(group.Last)}{releases}  example {group.TraceId}"
            )
        );
        if (group.Shape.IsHealthy)
            Console.Out.WriteLine("  nothing wrong");
        foreach (var identity in group.Shape.Identity)
            Console.Out.WriteLine($"  {identity}");
        if (!group.Shape.IsHealthy && group.Releases.Count > 0 && source != "-")
            Console.Out.WriteLine($"  by release: replay-harness releases {NextCommands.Quoted(source)} --shape {group.Shape.Fingerprint}");
    }

    private static GroupRow Row(Group group) =>
        new(
            group.Shape.Fingerprint,
            group.Count,
            group.Failed,
            Time(group.First),
            Time(group.Last),
            group.Releases,
            group.TraceId,
            [.. group.Shape.Identity.Select(i => i.ToString())],
            group.Shape.ToString()
        );
}
