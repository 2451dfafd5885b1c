using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays;

namespace ReplayHarness.Judging;

/// <summary>Which schedules fail.</summary>
internal static class Failing
{
    /// <summary>Whether a schedule shows what a hypothesis judges, or another error.</summary>
    public static bool Fails(this Hypothesis hypothesis, ScheduleResult schedule) =>
        schedule.Emergent.Any(f => hypothesis.Judges.Contains(f.Identity) || f.Rule.IsError);
}
