using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Replays;

/// <summary>
/// Calls by which an agent gives its conversation to another. The framework takes them for itself: no tool runs, and the model that asked
/// for one is told nothing, for it is not asked again.
/// </summary>
internal static class HandOffs
{
    // Microsoft Agent Framework; LangGraph, Swarm and OpenAI's Agents.
    private static readonly string[] s_names = ["handoff_to_", "transfer_to_"];

    /// <summary>Whether a call handed over: who asked for it asked nothing since, and another did.</summary>
    public static bool Took(AskedCall call, ReplayContext context) =>
        s_names.Any(n => call.Tool.StartsWith(n, StringComparison.Ordinal))
        && !context.Index.Tools.Contains(call.Tool, StringComparer.Ordinal)
        && context.Conversation.Dialogues.Any(d => d.Turn == call.Turn)
        && context.Conversation.Dialogues.Any(d => d.Turn > call.Turn);
}
