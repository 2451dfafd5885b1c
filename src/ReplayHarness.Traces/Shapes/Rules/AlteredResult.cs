using ReplayHarness.Traces;

namespace ReplayHarness.Shapes.Rules;

/// <summary>The model was told something else than a call gave: the result of another call, or a success in place of an error.</summary>
internal sealed class AlteredResult : Rule
{
    public override string Name => "altered-result";

    public override FindingKind Kind => FindingKind.Cause;

    public override string Summary =>
        "The model was told the result of another call, a part that was cut off a result, or of a call that failed that it went well.";

    internal override RuleMemory Memory => RuleMemories.None;

    internal override IEnumerable<Finding> Find(RunView run)
    {
        // A call that was cancelled gave nothing that could be altered: of two that were asked at once, the first may answer for both.
        foreach (var told in run.Told.Where(t => t.Text != t.Call.Result && !RunView.IsGivenUp(t.Call)))
        {
            var bare = ToldText.Bare(told.Text);
            if (IsCut(run, told, told.Call))
            {
                if (!run.Known.Shortened.Contains(told.Call.Name))
                    yield return Cut(told);
                continue;
            }
            if (IsOwn(run, told.Call, bare))
                continue;
            if ((OfAnother(run, told.Call, bare) ?? CutOfAnother(run, told)) is { } other)
                yield return Of(told, $"what {other.Name} {other.Arguments} gave", other.Span);
            else if (IsErrorAsSuccess(run, told, bare))
                yield return Of(told, $"that it went well ({Short(told.Text)})");
        }
    }

    // What the same call gave, or a call that no model asked for: a retry, a fallback.
    private static bool IsOwn(RunView run, ToolCall call, string bare) =>
        run.ToolCalls.Any(c =>
            c.Result is not null
            && (c == call || c.CallId is null || AreSame(c, call))
            && ToldText.AreRelated(ToldText.Bare(c.Result), bare)
        );

    private static bool AreSame(ToolCall one, ToolCall other) =>
        one.Name == other.Name && Json.Canonical(one.Arguments) == Json.Canonical(other.Arguments);

    private static ToolCall? OfAnother(RunView run, ToolCall call, string bare)
    {
        // What anybody may give tells of nobody.
        if (ToldText.IsAnybodys(bare) || (IsAnswer(bare) && !IsAnswer(call.Result)))
            return null;
        return run.ToolCalls.FirstOrDefault(c => c.Result is not null && ToldText.Bare(c.Result) == bare)
            ?? run.ToolCalls.FirstOrDefault(c => c.Result is not null && ToldText.IsDisguised(c.Result, bare, own: call.Result));
    }

    private static ToolCall? CutOfAnother(RunView run, ToldResult told) =>
        run.ToolCalls.FirstOrDefault(c => c != told.Call && IsCut(run, told, c));

    // A recording may cut by itself what it holds; and an agent what is old.
    private static bool IsCut(RunView run, ToldResult told, ToolCall of) =>
        told.IsFirst && ToldResults.RecordsAll(run.Run) && ToldCut.IsCut(of.Result, told.Text);

    private Finding Cut(ToldResult told) =>
        new(
            this,
            told.Call.Name,
            ErrorClass.WrongResult,
            $"{told.Call.Name} {told.Call.Arguments} gave {told.Call.Result!.Length} characters, and the model was told a part of them "
                + $"({told.Text.Length}); where that is meant, declare it in fixture.json: "
                + $"\"told\": {{ \"{told.Call.Name}\": \"shortened\" }}",
            [told.Call.Span, told.Request.Span]
        );

    private static bool IsAnswer(string? text) => text is "true" or "false";

    private static bool IsErrorAsSuccess(RunView run, ToldResult told, string bare) =>
        told is { IsFirst: true, IsMarked: false, Call.Error: { } error }
        && !HasSubstitute(run)
        && ((run.ExpectedResult(told.Call) is { } expected && ToldText.Bare(expected) == bare) || ToldText.ReadsAsSuccess(bare, error));

    // The agent asked somebody else instead, and tells what came of it in its own words.
    private static bool HasSubstitute(RunView run) => run.ToolCalls.Any(c => c is { CallId: null, Error: null });

    private Finding Of(ToldResult told, string what, params Span[] more) =>
        new(
            this,
            told.Call.Name,
            ErrorClass.WrongResult,
            $"{told.Call.Name} {told.Call.Arguments} {(told.Call.Error is { } error ? $"failed ({error})" : "gave another result")}, "
                + $"and the model was told {what}",
            [told.Call.Span, told.Request.Span, .. more]
        );

    private static string Short(string text)
    {
        const int Most = 60;
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Most ? line : line[..Most] + "…";
    }
}
