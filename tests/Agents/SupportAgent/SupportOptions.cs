namespace Support;

/// <summary>What a deployment of the agent may choose; the defaults are those that failed.</summary>
public sealed record SupportOptions
{
    /// <summary>How often a tool is called before its error counts.</summary>
    public int ToolAttempts { get; init; } = 3;

    /// <summary>Gives a tool's error to the model instead of ending the run.</summary>
    public bool ToolErrorsToModel { get; init; }

    /// <summary>Answers from what the tools found where the model fails.</summary>
    public bool AnswersWithoutModel { get; init; }

    /// <summary>Hands over to a person when the model asks the same thing for the third time.</summary>
    public bool StopsAtRepeats { get; init; }

    public int MaxSteps { get; init; } = 7;
}
