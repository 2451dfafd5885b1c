using System.Text.Json;

namespace ReplayHarness.Cli.Fleet;

/// <summary>Rows as one JSON document.</summary>
internal static class FleetJson
{
    /// <summary>The document, without a line end behind it.</summary>
    public static string Of(IReadOnlyList<FleetRow> rows) =>
        JsonSerializer.Serialize(new([.. rows.Select(Row)]), ReplaysJson.Readable.ReplaysDocument);

    private static ReplaysRow Row(FleetRow row) =>
        new(row.Job.Incident, row.Job.Agent, row.Job.Expected?.Verdict, row.AsExpected, row.Report, row.Error);
}
