using ReplayHarness.Evidence;
using ReplayHarness.Fixtures.Redacting;

namespace ReplayHarness.Cli.Documents;

/// <summary>What <c>scan --json</c> prints.</summary>
internal sealed record ScanDocument(IReadOnlyList<SecretFinding> Findings);

/// <summary>What <c>incidents</c>, <c>close</c> and <c>gate</c> print with --json.</summary>
internal sealed record IncidentsDocument(IReadOnlyList<IncidentRow> Incidents)
{
    public static IncidentsDocument Of(IEnumerable<IncidentStatus> incidents) =>
        new([.. incidents.Select(s => new IncidentRow(s.Incident, s.State.Text(), s.Reason, s.CanClose))]);
}

/// <summary>Where an incident stands.</summary>
internal sealed record IncidentRow(string Incident, string State, string Reason, bool CanClose);
