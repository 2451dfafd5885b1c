using Microsoft.Extensions.AI;
using ReplayHarness.Replays.Answers;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The pieces of an answer that no provider sends: its first word, and the rest.</summary>
internal static class SpokenPieces
{
    /// <summary>The pieces of an outcome; none where it is no answer.</summary>
    public static ChatResponseUpdate[] Of(Outcome outcome) => outcome is Spoken spoken ? Of(spoken.Response) : [];

    /// <summary>The pieces of an answer; one where it has no two words.</summary>
    public static ChatResponseUpdate[] Of(ChatResponse response)
    {
        var updates = response.ToChatResponseUpdates();
        return
            updates.Length > 0
            && updates[0].Contents is [TextContent { Text: { } text }, ..]
            && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var first
            ? [First(updates[0], text[..first]), Rest(updates[0], text[first..]), .. updates[1..]]
            : updates;
    }

    private static ChatResponseUpdate First(ChatResponseUpdate update, string text)
    {
        var first = update.Clone();
        (first.Contents, first.FinishReason) = ([new TextContent(text)], null);
        return first;
    }

    private static ChatResponseUpdate Rest(ChatResponseUpdate update, string text)
    {
        var rest = update.Clone();
        rest.Contents = [new TextContent(text), .. update.Contents.Skip(1)];
        return rest;
    }
}
