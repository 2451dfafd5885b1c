namespace ReplayHarness.Traces;

/// <summary>
/// Input that cannot be used: where (file, line, column or JSON path), what was expected, and what to do. Its message is one sentence or a
/// few, for a person; a command prints it without a stack trace and ends with exit code 3.
/// </summary>
public sealed class BadInputException : Exception
{
    /// <summary>An empty message is never useful; this exists for serialisers and analyzers.</summary>
    public BadInputException() { }

    /// <summary>A message that names the place, the expectation and the remedy.</summary>
    public BadInputException(string message)
        : base(message) { }

    /// <inheritdoc cref="BadInputException(string)"/>
    public BadInputException(string message, Exception innerException)
        : base(message, innerException) { }
}
