using System.Text;
using System.Text.Json;

namespace ReplayHarness.Cli.Fleet;

/// <summary>Jobs that are listed and not run.</summary>
/// <param name="assembly">The assembly that holds their drivers.</param>
/// <param name="jobs">The jobs.</param>
/// <param name="results">Where finished jobs are kept; null for nowhere.</param>
internal sealed class FleetPlan(string assembly, IReadOnlyList<FleetJob> jobs, ResultFolder? results)
{
    /// <summary>A line for each job: its name, and whether an earlier result would stand.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var row in results is null ? [.. jobs.Select(j => new PlanRow(j.Name, "", "", null))] : Rows())
            text.Append(row.Name).Append(row.IsKept == true ? "  as before\n" : "\n");
        return text.ToString();
    }

    /// <summary>One JSON document, without a line end behind it.</summary>
    public string Json() => JsonSerializer.Serialize(new(Rows()), ReplaysJson.Readable.PlanDocument);

    private PlanRow[] Rows()
    {
        using var keys = new JobKeys(assembly);
        return
        [
            .. jobs.Select(job =>
            {
                var key = keys.Of(job);
                return new PlanRow(job.Name, key.State, key.Key, results?.Holds(job, key));
            }),
        ];
    }
}
