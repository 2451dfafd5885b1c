using ReplayHarness.Diagnosis.Rules;

namespace ReplayHarness.Diagnosis;

/// <summary>Every rule that gives a hypothesis: what lies deepest stands first, what only says how bad it is last.</summary>
internal static class DiagnosticRuleTable
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<DiagnosticRule> All { get; } =
    [
        new Contention(),
        new HungCall(),
        new CallNeverReturned(),
        new RunCutShort(),
        new DegradedTool(),
        new BrokenHistory(),
        new AskedTooSoon(),
        new ModelFailure(),
        new StuckInLoop(),
        new HandedToAndFro(),
        new RanOutOfSteps(),
        new ResultsMixedUp(),
        new StoppedWhileAsked(),
        new NoUsableAnswer(),
        new CutOffAnswer(),
        new ToolThatIsNotThere(),
        new ArgumentsRefused(),
        new HiddenToolError(),
        new HiddenInTool(),
        new AgentCodeFailure(),
        new ErrorNotSurvived(),
        new PointlessRetry(),
        new RepeatedCalls(),
        new DoneTwice(),
        new ErrorSwallowed(),
        new ReleaseRegression(),
        new ProviderRefusals(),
        new LatencyOutsideTools(),
        new SlowTool(),
        new WorkflowDown(),
        new SerialCalls(),
    ];
}
