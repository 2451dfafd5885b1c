namespace ReplayHarness.Fixtures.Redacting;

/// <summary>
/// One way to find a value. What it says decides how: with <see cref="Prefixes"/> a token that says whose it is, with <see
/// cref="Labels"/> what follows a label, else what has its form by itself.
/// </summary>
/// <param name="Kind">What is found, in kebab-case.</param>
internal sealed record Rule(string Kind)
{
    /// <summary>Whose value it is, in words.</summary>
    public string Name { get; init; } = "";

    /// <summary>What stands in every value, and is searched for.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>The form of what stands before the prefix and belongs to the value; null for nothing.</summary>
    public Shape? Lead { get; init; }

    /// <summary>The form of what follows the prefix, or of the whole value; null for what <see cref="Value"/> says.</summary>
    public Shape? Shape { get; init; }

    /// <summary>The labels: words in lower case with a space between them. They stand for snake, camel and kebab case too.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Words that end a label, where they are written together: <c>dbpassword</c>.</summary>
    public IReadOnlyList<string> Ends { get; init; } = [];

    /// <summary>Labels that are none, although their last words are.</summary>
    public IReadOnlyList<string> Not { get; init; } = [];

    /// <summary>The label counts only within an object of one of these names.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];

    /// <summary>The label does not count within an object of one of these names.</summary>
    public IReadOnlyList<string> Outside { get; init; } = [];

    /// <summary>How a labelled value is read; null for its <see cref="Shape"/>.</summary>
    public string? Value { get; init; }

    /// <summary>The check that a value must pass; null for none.</summary>
    public Func<string, bool>? Check { get; init; }

    /// <summary>Where the rule is from.</summary>
    public string Source { get; init; } = "";
}
