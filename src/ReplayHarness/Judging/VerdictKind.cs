namespace ReplayHarness.Judging;

/// <summary>
/// What a replay shows. Of one hypothesis, the first that applies in this order; the last three only of all hypotheses together.
/// </summary>
public enum VerdictKind
{
    /// <summary>The agent asked for what the fixture contradicts.</summary>
    Diverged,

    /// <summary>Something was uncontrolled or uncalibrated, or a budget ran out: nothing is shown either way.</summary>
    NotEstablished,

    /// <summary>Some schedule shows every captured finding that the hypothesis judges.</summary>
    Reproduced,

    /// <summary>Some of the captured findings still show in some schedule.</summary>
    PartlyRemoved,

    /// <summary>None of them, but a new finding of kind error.</summary>
    Changed,

    /// <summary>No schedule shows any.</summary>
    Removed,

    /// <summary>The run no longer dies, but what went wrong beneath still does.</summary>
    SymptomRemoved,

    /// <summary>Nothing goes wrong beneath any more, but the run would still die of it.</summary>
    CauseRemoved,

    /// <summary>The run survives in every schedule, and the cause lies outside the agent, where no replay can show it gone.</summary>
    Survives,
}

/// <summary>The names of verdicts in files, on the command line and in reports.</summary>
public static class VerdictNames
{
    /// <summary>In kebab-case: <c>partly-removed</c>.</summary>
    public static string Text(this VerdictKind kind) =>
        kind switch
        {
            VerdictKind.Diverged => "diverged",
            VerdictKind.NotEstablished => "not-established",
            VerdictKind.Reproduced => "reproduced",
            VerdictKind.PartlyRemoved => "partly-removed",
            VerdictKind.Changed => "changed",
            VerdictKind.Removed => "removed",
            VerdictKind.SymptomRemoved => "symptom-removed",
            VerdictKind.CauseRemoved => "cause-removed",
            _ => "survives",
        };

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<VerdictKind>().Select(k => k.Text())];

    /// <summary>The verdict of a name, or null.</summary>
    public static VerdictKind? Parse(string name) =>
        Enum.GetValues<VerdictKind>().Cast<VerdictKind?>().FirstOrDefault(k => k!.Value.Text() == name);
}
