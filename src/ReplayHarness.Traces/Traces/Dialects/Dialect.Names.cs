namespace ReplayHarness.Traces.Dialects;

internal abstract partial class Dialect
{
    /// <summary>
    /// How the names of the attributes begin that only this dialect writes. No other file of the product holds a text that begins so.
    /// </summary>
    public abstract IReadOnlyList<string> Prefixes { get; }

    /// <summary>What marks its calls, in words, for who has a trace without any; null where that would help nobody.</summary>
    public virtual string? Marks => null;

    /// <summary>
    /// How the names of the attributes begin that say nothing of the task that a run was given: they do not go into a fixture.
    /// </summary>
    public virtual IReadOnlyList<string> NotOfTheTask => [];

    /// <summary>The attributes that hold the id of a session.</summary>
    public virtual IReadOnlyList<string> Sessions => [];

    /// <summary>The attributes that hold the tokens of a request.</summary>
    public virtual IReadOnlyList<string> InputTokens => [];

    /// <summary>The attributes that hold the tokens of an answer.</summary>
    public virtual IReadOnlyList<string> OutputTokens => [];

    /// <summary>The attributes that hold the cost of a call.</summary>
    public virtual IReadOnlyList<string> Costs => [];

    /// <summary>The attributes that hold the name of a workflow.</summary>
    public virtual IReadOnlyList<string> Workflows => [];

    /// <summary>The attributes that hold the name of a model.</summary>
    public virtual IReadOnlyList<string> Models => [];

    /// <summary>True for a span that failed, whatever its status says.</summary>
    public virtual bool MarksFailure(Span span) => false;

    /// <summary>The message of a failed span's error, or null.</summary>
    public virtual string? ErrorMessage(Span span) => null;

    /// <summary>The type of a failed span's error, or null.</summary>
    public virtual string? ErrorType(Span span) => null;

    /// <summary>The name that people know a span by, or null where it is the span's own.</summary>
    public virtual string? DisplayName(Span span) => null;

    /// <summary>True for a span that is a line of a log and lasts no time.</summary>
    public virtual bool IsLogLine(Span span) => false;

    /// <summary>The tools that a model's span says were offered, each an object or the JSON text of one.</summary>
    public virtual IEnumerable<object?> ToolDefinitions(Span span) => [];
}
