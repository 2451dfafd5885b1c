using System.Globalization;
using System.Text;
using ReplayHarness.Replays;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>One schedule step by step, for people; and the choices that make it, as they are typed.</summary>
internal static class StepsText
{
    /// <summary>Reads <c>STEP=N</c>; null where it is none.</summary>
    public static StepChoice? Parse(string text) =>
        text.Split('=') is [var step, var number] && Number(step) is { } s && Number(number) is { } n ? new(s, n) : null;

    /// <summary>Every step of each hypothesis that was followed so; lines ended by LF.</summary>
    public static string Of(ReplayReport report)
    {
        var text = new StringBuilder();
        foreach (var hypothesis in report.Hypotheses)
            if (hypothesis.Steps is { } trail)
            {
                Add(text, $"{hypothesis.Name}, step by step");
                IReadOnlyList<string> waits = [];
                foreach (var step in trail.Steps)
                {
                    Append(text, step, waits);
                    waits = step.Waits;
                }
                Add(text, $"{At(trail.Seconds)}: {trail.End}");
                text.Append('\n');
            }
        return text.ToString();
    }

    // What the agent waits for is told where it changes.
    private static void Append(StringBuilder text, TrailStep step, IReadOnlyList<string> before)
    {
        var other = step.Chosen == step.Captured ? "" : $"  (captured: {step.Pending[step.Captured - 1].Label})";
        Add(text, string.Create(CultureInfo.InvariantCulture, $"step {step.Step}, {At(step.Seconds)}: {step.ChosenLabel}{other}"));
        var width = step.Pending.Max(p => p.Label.Length);
        for (var i = 0; step.Pending.Count > 1 && i < step.Pending.Count; i++)
            Add(text, Line(step.Pending[i], i + 1, step.Chosen, width));
        foreach (var chain in step.Waits.Except(before, StringComparer.Ordinal))
            Add(text, $"    agent: {chain}");
    }

    private static string Line(PendingCall call, int number, int chosen, int width)
    {
        var (mark, name) = call.WaitsFor is null
            ? (number == chosen ? ">" : " ", number.ToString(CultureInfo.InvariantCulture))
            : (" ", "-");
        var due = call.Due is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"due at {seconds:0.###} s") : "never due";
        var waits = call.WaitsFor is { } what ? $"  waits for {what}" : "";
        return $"  {mark} {name}  {call.Label.PadRight(width)}  {due}{waits}";
    }

    private static string At(double seconds) => string.Create(CultureInfo.InvariantCulture, $"at {seconds:0.###} s");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : null;

    // A tool's name may hold anything.
    private static void Add(StringBuilder text, string line) => text.Append(Unseen.Spelt(line)).Append('\n');
}
