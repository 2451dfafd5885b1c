using ReplayHarness.Shapes;

namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>
/// Findings whose cause lies outside the agent: a provider or a backend refused, could not be reached, or did not answer a call that
/// nothing of the agent's own could have disturbed.
/// </summary>
/// <param name="lone">The tool of such a call; null for none.</param>
internal sealed class OutsideCause(string? lone)
{
    private static readonly string[] s_classes = ["http-5xx", "connection", "rate-limit"];
    private static readonly string[] s_ofTheModel = ["model-error", "unhandled-model-error"];

    /// <summary>Where no call timed out alone.</summary>
    public static OutsideCause Usual { get; } = new(lone: null);

    /// <summary>Of a fixture.</summary>
    public static OutsideCause Of(Fixture fixture) => new(LoneTimeout(fixture));

    /// <summary>Whether an error of a class means that somebody refused, or could not be reached.</summary>
    public static bool IsRefusal(string errorClass) => s_classes.Contains(errorClass, StringComparer.Ordinal);

    /// <summary>
    /// Whether the model's API was down, or did not answer: that it answers again is no merit of the agent.
    /// </summary>
    public static bool IsOutage(FindingIdentity finding) =>
        finding is { Role: "model", ErrorClass: "http-5xx" or "connection" or ErrorClass.Timeout };

    /// <summary>Whether a backend refused a tool, could not be reached, or did not answer: a healthy one does not show that.</summary>
    public bool Refuses(FindingIdentity finding) =>
        IsRefusal(finding.ErrorClass) || (finding.ErrorClass == ErrorClass.Timeout && finding.Role == lone);

    /// <summary>Whether the cause lies outside. A provider's 4xx does not: the agent sent what it refuses.</summary>
    public bool Is(FindingIdentity finding) =>
        Refuses(finding) || (s_ofTheModel.Contains(finding.Rule, StringComparer.Ordinal) && finding.ErrorClass != "http-4xx");

    // The first call of all, without a sibling: there is no other that could disturb it, or have left something behind.
    private static string? LoneTimeout(Fixture fixture) =>
        fixture.Attempts.SelectMany(a => a.Turns).FirstOrDefault(t => t.Calls.Count > 0) is not { Calls.Count: > 1 }
        && fixture.Behaviours is [{ Error.Class: ErrorClass.Timeout } first, ..]
            ? first.Tool
            : null;
}
