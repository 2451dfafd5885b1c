using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ReplayHarness.Evidence;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>How long jobs took in an earlier run: by it, parts are made that take equally long.</summary>
/// <param name="seconds">The seconds of each job, by its name.</param>
internal sealed class FleetWeights(IReadOnlyDictionary<string, double> seconds)
{
    // So small that parts differ by little.
    private const int GroupsInPart = 16;

    /// <summary>Those of a folder of results, or of a file that <c>merge --weights</c> wrote.</summary>
    /// <exception cref="BadInputException">There is neither, or it holds something else.</exception>
    public static FleetWeights Load(string path)
    {
        if (Directory.Exists(path))
            return Of(ResultFolder.All(path).Select(r => r.Row));
        if (!File.Exists(path))
            throw new BadInputException(
                $"--weights {path}: there is no such file or folder; expected what merge --weights wrote, or a folder of results"
            );
        try
        {
            var read =
                JsonSerializer.Deserialize(JsonBytes.Of(path), ResultJson.Relaxed.DictionaryStringDouble)
                ?? throw new BadInputException($"{path}: holds null; expected seconds by the names of jobs");
            return read.FirstOrDefault(w => w.Value is < 0 or > 1e9 || !double.IsFinite(w.Value)).Key is { } name
                ? throw new BadInputException($"{path}: {name} has no seconds; expected a number from 0")
                : new(read);
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path}: expected seconds by the names of jobs, as "
                    + "merge --weights writes them",
                e
            );
        }
    }

    /// <summary>Those of rows.</summary>
    public static FleetWeights Of(IEnumerable<FleetRow> rows) =>
        new(
            rows.Where(r => r.Report is not null)
                .DistinctBy(r => r.Job.Name)
                .OrderBy(r => r.Job.Name, StringComparer.Ordinal)
                .ToDictionary(r => r.Job.Name, r => r.Seconds, StringComparer.Ordinal)
        );

    /// <summary>How long a job took; null where nothing says so.</summary>
    public double? SecondsOf(string job) => seconds.TryGetValue(job, out var took) ? took : null;

    /// <summary>Writes them to a file, whole or not at all.</summary>
    public void Write(string file) =>
        WholeFile.Write(file, JsonSerializer.Serialize(new(seconds), ResultJson.Relaxed.DictionaryStringDouble) + "\n");

    /// <summary>
    /// The part of each job, from 0: the longest first, each to the part that has the least by then. Jobs of one agent stay together as
    /// far as that makes no part longer, for each process compiles an agent's code anew. Equal lists and weights give equal parts on every
    /// machine.
    /// </summary>
    /// <param name="jobs">All jobs.</param>
    /// <param name="count">How many parts.</param>
    public IReadOnlyDictionary<string, int> Divide(IReadOnlyList<FleetJob> jobs, int count)
    {
        // One that is new is taken for an ordinary one.
        var known = jobs.Where(j => seconds.ContainsKey(j.Name)).Select(j => MillisecondsOf(j.Name)).ToArray();
        var usual = known.Length == 0 ? 1 : Math.Max(1, known.Sum() / known.Length);
        var weighed = jobs.Select(j => (Job: j, Weight: seconds.ContainsKey(j.Name) ? MillisecondsOf(j.Name) : usual)).ToArray();
        var most = weighed.Sum(j => j.Weight) / (count * GroupsInPart);
        var groups = weighed
            .GroupBy(j => j.Job.Expected?.Driver ?? "", StringComparer.Ordinal)
            .SelectMany(same => Groups(same.OrderBy(j => j.Job.Name, StringComparer.Ordinal), most))
            .OrderByDescending(g => g.Weight)
            .ThenBy(g => g.Names[0], StringComparer.Ordinal);
        var parts = new PriorityQueue<int, (long, int)>(Enumerable.Range(0, count).Select(i => (i, (0L, i))));
        var divided = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (names, weight) in groups)
        {
            parts.TryDequeue(out var part, out var load);
            foreach (var name in names)
                divided.Add(name, part);
            parts.Enqueue(part, (load.Item1 + weight, part));
        }
        return divided;
    }

    private static IEnumerable<(List<string> Names, long Weight)> Groups(IEnumerable<(FleetJob Job, long Weight)> jobs, long most)
    {
        (List<string> Names, long Weight) group = ([], 0);
        foreach (var (job, weight) in jobs)
        {
            if (group.Names.Count > 0 && group.Weight + weight > most)
            {
                yield return group;
                group = ([], 0);
            }
            group.Names.Add(job.Name);
            group.Weight += weight;
        }
        if (group.Names.Count > 0)
            yield return group;
    }

    /// <summary>A hash of those of some jobs.</summary>
    public string HashFor(IReadOnlyList<string> jobs) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Join(
                        '\n',
                        jobs.Where(seconds.ContainsKey).Select(j => string.Create(CultureInfo.InvariantCulture, $"{j} {MillisecondsOf(j)}"))
                    )
                )
            )
        )[..16];

    // Every job costs something. Whole numbers: sums of those are the same in every order.
    private long MillisecondsOf(string job) => Math.Max(1, (long)Math.Round(seconds[job] * 1000));
}
