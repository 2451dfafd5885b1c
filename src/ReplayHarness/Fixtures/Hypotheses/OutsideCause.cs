using ReplayHarness.Shapes;

namespace ReplayHarness.Fixtures.Hypotheses;

/// <summary>Findings whose cause lies outside the agent: a provider or a backend refused, or could not be reached.</summary>
internal static class OutsideCause
{
    private static readonly string[] s_classes = ["http-5xx", "connection", "rate-limit"];
    private static readonly string[] s_ofTheModel = ["model-error", "unhandled-model-error"];

    /// <summary>Whether an error of a class means that somebody refused, or could not be reached.</summary>
    public static bool IsRefusal(string errorClass) => s_classes.Contains(errorClass, StringComparer.Ordinal);

    /// <summary>Whether a backend refused a tool, or could not be reached.</summary>
    public static bool Refuses(FindingIdentity finding) => IsRefusal(finding.ErrorClass);

    /// <summary>Whether the model's API was down: that it answers again is no merit of the agent.</summary>
    public static bool IsOutage(FindingIdentity finding) => finding is { Role: "model", ErrorClass: "http-5xx" or "connection" };

    /// <summary>Whether the cause lies outside. A provider's 4xx does not: the agent sent what it refuses.</summary>
    public static bool Is(FindingIdentity finding) =>
        Refuses(finding) || (s_ofTheModel.Contains(finding.Rule, StringComparer.Ordinal) && finding.ErrorClass != "http-4xx");
}
