namespace ReplayHarness.Shapes.Rules;

/// <summary>The model called a tool that the agent does not have.</summary>
internal sealed class UnknownTool : Rule
{
    public override string Name => "unknown-tool";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary => "The model called a tool that the agent does not have.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) =>
        BadRequest
            .Of(run, ErrorClass.UnknownTool)
            .Select(r => new Finding(
                this,
                r.Tool,
                ErrorClass.UnknownTool,
                $"the model called {r.Tool}, which there is not: {r.Error}",
                [r.Span]
            ));
}

/// <summary>The model called a tool with arguments that the tool does not take.</summary>
internal sealed class InvalidArguments : Rule
{
    public override string Name => "invalid-arguments";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary => "The model called a tool with arguments that the tool does not take.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run) =>
        BadRequest
            .Of(run, ErrorClass.InvalidArguments)
            .Select(r => new Finding(
                this,
                r.Tool,
                ErrorClass.InvalidArguments,
                $"{r.Tool} refused the arguments {r.Arguments ?? "(not recorded)"}: {r.Error}",
                [r.Span]
            ));
}

/// <summary>A call that was refused because of what the model asked for.</summary>
/// <param name="Tool">The tool it named.</param>
/// <param name="Arguments">Its arguments, or null where they were not recorded.</param>
/// <param name="Error">What it was answered.</param>
/// <param name="Span">The span that shows it: of the call, or of the model that was told.</param>
internal sealed record BadRequest(string Tool, string? Arguments, Traces.CallError Error, Traces.Span Span)
{
    /// <summary>The refused calls of an error class: those with a span, and those that a framework answered before any tool ran.</summary>
    public static IEnumerable<BadRequest> Of(RunView run, string errorClass) =>
        run
            .Culprits.Select(c => new BadRequest(c.Name, c.Arguments, c.Error!, c.Span))
            .Concat(run.AnsweredWithoutSpan())
            .Where(r => ErrorClass.Of(r.Error) == errorClass);
}
