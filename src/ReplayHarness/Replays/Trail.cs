using System.Text.Json.Serialization;

namespace ReplayHarness.Replays;

/// <summary>One schedule, step by step, with what stood to choose.</summary>
/// <param name="Steps">Every step, forced ones too.</param>
/// <param name="Seconds">The virtual time at which it ended, in seconds from the start.</param>
/// <param name="End">How it ended, in words.</param>
/// <param name="Fails">Whether it shows the failure, or another.</param>
internal sealed record Trail(IReadOnlyList<TrailStep> Steps, double Seconds, string End, bool Fails);

/// <summary>One step of a schedule.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Seconds">The virtual time at which the choice was made, in seconds from the start.</param>
/// <param name="Chosen">The number of what was chosen, from 1.</param>
/// <param name="Captured">The number of what comes next in the captured order, from 1.</param>
/// <param name="Pending">What may be next, numbered from 1 in this order; behind it what may not yet.</param>
/// <param name="Waits">What the agent waits for: chains of methods, the outermost first.</param>
internal sealed record TrailStep(
    int Step,
    double Seconds,
    int Chosen,
    int Captured,
    IReadOnlyList<PendingCall> Pending,
    IReadOnlyList<string> Waits
)
{
    /// <summary>What may be next.</summary>
    [JsonIgnore]
    public IEnumerable<PendingCall> Enabled => Pending.Where(p => p.WaitsFor is null);

    /// <summary>What was chosen.</summary>
    [JsonIgnore]
    public string ChosenLabel => Pending[Chosen - 1].Label;

    /// <summary>Whether there was more than one to choose from.</summary>
    [JsonIgnore]
    public bool IsDecision => Enabled.Skip(1).Any();
}

/// <summary>A call or a timer that is in flight.</summary>
/// <param name="Label">Its label, for example <c>read_doc#2</c>.</param>
/// <param name="Due">When it answers or fires, in seconds of virtual time from the start; null for never.</param>
/// <param name="IsTimer">True for a timer.</param>
/// <param name="WaitsFor">What it waits for, in words; null where it may be next.</param>
internal sealed record PendingCall(string Label, double? Due, bool IsTimer, string? WaitsFor);

/// <summary>A choice at a step of a schedule that is otherwise in the captured order.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="Number">The number, from 1, of what is next among what may be.</param>
internal sealed record StepChoice(int Step, int Number);
