using System.Globalization;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis;
using ReplayHarness.Shapes;
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
