using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// What a run's failure is, stable across refactors of the agent. Its identity is the set of (rule, role, error class) over the findings
/// that are no mere observations; the fingerprint is a hash of it; the outline shows the turns and is never judged.
/// </summary>
public sealed record FailureShape
{
    // Enters the fingerprint: a change of what the rules mean must change every fingerprint.
    private const string Version = "1";

    private FailureShape(IReadOnlyList<FindingIdentity> identity, string outline)
    {
        Identity = identity;
        Outline = outline;
        Fingerprint = Hash(identity);
    }

    /// <summary>The distinct identities, sorted.</summary>
    public IReadOnlyList<FindingIdentity> Identity { get; }

    /// <summary>
    /// 12 hex digits: the start of SHA-256 over the version and the sorted identity. A healthy run has the fingerprint of the empty set.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>The turns as sorted multisets of tool and outcome, and the unwind path.</summary>
    public string Outline { get; }

    /// <summary>True where nothing is wrong.</summary>
    public bool IsHealthy => Identity.Count == 0;

    /// <summary>The shape of a run.</summary>
    internal static FailureShape Of(RunView run, IEnumerable<Finding> findings) => new(IdentityOf(findings, run.Known), OutlineOf(run));

    /// <summary>
    /// The shape of several runs together (the attempts of one replay): the union of their identities, the distinct outlines in order.
    /// </summary>
    public static FailureShape Union(IEnumerable<FailureShape> shapes)
    {
        var all = shapes.ToArray();
        if (all.Length == 1)
            return all[0];
        FindingIdentity[] identity = [.. all.SelectMany(s => s.Identity).Distinct().Order()];
        return new(identity, string.Join("\n", all.Select(s => s.Outline).Distinct(StringComparer.Ordinal)));
    }

    /// <summary>The identities of the findings that count, distinct and sorted.</summary>
    public static FindingIdentity[] IdentityOf(IEnumerable<Finding> findings) => IdentityOf(findings, RunKnowledge.None);

    /// <summary>The identities of the findings that count, distinct and sorted.</summary>
    internal static FindingIdentity[] IdentityOf(IEnumerable<Finding> findings, RunKnowledge known) =>
        [.. findings.Where(known.Counts).Select(f => f.Identity).Distinct().Order()];

    /// <summary>Fingerprint, identity and outline, for people and snapshots.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("shape ").Append(Fingerprint).Append('\n');
        foreach (var identity in Identity)
            text.Append("  ").Append(identity).Append('\n');
        if (IsHealthy)
            text.Append("  nothing wrong\n");
        return text.Append(Outline).ToString();
    }

    private static string Hash(IReadOnlyList<FindingIdentity> identity)
    {
        var text = string.Join("\n", identity.Select(i => i.ToString()).Prepend(Version));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }

    private static string OutlineOf(RunView run)
    {
        var lines = new List<string>();
        foreach (var turn in run.Run.Turns)
        {
            var calls = turn.Calls.Select(c => $"{c.Name} {run.ClassOf(c) ?? "ok"}").Order(StringComparer.Ordinal).ToArray();
            var model =
                turn.Model is null ? ""
                : turn.Model.Error is null ? "model ok"
                : "model error";
            lines.Add("  turn: " + OneLine.Of(string.Join(", ", calls.Prepend(model).Where(t => t.Length > 0))));
        }
        if (run.Run.Failed)
            lines.Add("  unwind: " + OneLine.Of(string.Join(" > ", UnwindPath(run))));
        return string.Join("\n", lines);
    }

    private static IEnumerable<string> UnwindPath(RunView run)
    {
        foreach (var call in run.Culprits.Where(c => !run.ModelWasAskedAfter(c)).Select(c => c.Name).Distinct(StringComparer.Ordinal))
            yield return call;
        if (run.Run.ModelCalls.Any(m => m.Error is not null && !run.ModelWasAskedAfter(m)))
            yield return "model";
        yield return "run";
    }
}
