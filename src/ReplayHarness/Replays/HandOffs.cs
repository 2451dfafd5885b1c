using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;

namespace ReplayHarness.Replays;

/// <summary>
/// Calls by which an agent gives its conversation to another. The framework takes them for itself: no tool runs, and the model that asked
/// for one is told nothing, for it is not asked again.
/// </summary>
internal static class HandOffs
{
    /// <summary>Whether a call handed over: who asked for it asked nothing since, and another did.</summary>
    public static bool Took(AskedCall call, ReplayContext context) =>
        HandOffNames.Is(call.Tool)
        && !context.Index.Tools.Contains(call.Tool, StringComparer.Ordinal)
        && context.Conversation.Dialogues.Any(d => d.Turn == call.Turn)
        && context.Conversation.Dialogues.Any(d => d.Turn > call.Turn);
}
