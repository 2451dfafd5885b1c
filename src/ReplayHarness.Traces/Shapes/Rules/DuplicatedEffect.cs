using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>Something was done twice: a call that changes something was made again after it had, or may have, acted.</summary>
internal sealed partial class DuplicatedEffect : Rule
{
    public const string Called = "duplicated-effect";

    public override string Name => Called;

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "A tool that is known to change something was called again with the same canonical arguments after a success or a time-out.";

    // Only what a refusal left undone does not count, whenever it came: so the order of the calls does not matter.
    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var group in RepeatedToolCalls.Groups(run.ToolCalls).Where(g => g.Count() > 1))
        {
            ToolCall[] acted = [.. group.Where(c => (ErrorOf(c) is not { } error || !SurelyDidNothing(error)) && run.IsEffect(c) == true)];
            if (
                acted.Length > 1
                && acted.Any(c => ErrorOf(c) is not { } error || (run.ClassOf(c) ?? ErrorClass.Of(error)) == ErrorClass.Timeout)
            )
                yield return new(
                    this,
                    group.Key.Tool,
                    "other:DuplicatedEffect",
                    $"{group.Key.Tool} was called {acted.Length} times with {group.Key.Arguments}, and each may have acted: "
                        + string.Join(", ", acted.Select(c => run.ClassOf(c) ?? "ok")),
                    [.. acted.Select(c => c.Span)]
                );
        }
    }

    private static CallError? ErrorOf(ToolCall call) => call.Error ?? SoftErrors.In(call.Result);

    // It was turned away before anything could happen.
    private static bool SurelyDidNothing(CallError error) =>
        ErrorClass.Of(error) is "http-4xx" or "rate-limit" or ErrorClass.InvalidArguments or ErrorClass.UnknownTool
        || Refused().IsMatch($"{error}");

    [GeneratedRegex("refused|ENOTFOUND|could not resolve|no such host", RegexOptions.IgnoreCase)]
    private static partial Regex Refused();
}

/// <summary>A call was made again after a time-out, and nobody says whether that does something twice.</summary>
internal sealed class RepeatedCall : Rule
{
    public override string Name => "repeated-call";

    public override FindingKind Kind => FindingKind.Observation;

    public override bool IsError => false;

    public override string Summary =>
        "A tool of which it is not known whether it changes something was called again with the same canonical arguments after a time-out.";

    internal override RuleMemory Memory => RuleMemories.Unbounded;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        foreach (var group in RepeatedToolCalls.Groups(run.ToolCalls).Where(g => g.Count() > 1))
        {
            ToolCall[] calls = [.. group.Where(c => run.IsEffect(c) is null)];
            var first = Array.FindIndex(calls, c => run.ClassOf(c) == ErrorClass.Timeout);
            if (first >= 0 && calls.Skip(first + 1).Any(c => c.Span.StartNanos >= calls[first].Span.EndNanos))
                yield return new(
                    this,
                    group.Key.Tool,
                    ErrorClass.Timeout,
                    $"{group.Key.Tool} was called again with {group.Key.Arguments} after a time-out (x{calls.Length}); "
                        + "whether it may act twice is not known",
                    [.. calls.Select(c => c.Span)]
                );
        }
    }
}
