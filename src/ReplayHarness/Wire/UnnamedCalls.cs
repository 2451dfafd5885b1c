using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Wire;

/// <summary>
/// Gives the calls of one request that came without ids such that count them, and their results the same: a result belongs to the first
/// call of its tool that has none yet.
/// </summary>
internal sealed class UnnamedCalls
{
    private const string Mark = "unnamed_call_";

    private readonly List<(string Id, string Tool)> _open = [];
    private int _count;

    /// <summary>An answer of the model begins: results belong to its calls.</summary>
    public void Answer() => _open.Clear();

    /// <summary>The id of a call.</summary>
    public string Asked(string? id, string tool)
    {
        id = id is { Length: > 0 } ? id : $"{Mark}{++_count}";
        _open.Add((id, tool));
        return id;
    }

    /// <summary>The id of the call that a result belongs to.</summary>
    public string Told(string? id, string tool)
    {
        var at = id is { Length: > 0 } ? _open.FindIndex(c => c.Id == id) : _open.FindIndex(c => c.Tool == tool);
        // A client may make up ids of its own for calls that had none.
        if (at < 0 && id is { Length: > 0 })
            at = _open.FindIndex(c => c.Tool == tool && IsUnnamed(c.Id));
        if (at < 0)
            return id is { Length: > 0 } ? id : $"{Mark}of_{tool}";
        var found = _open[at].Id;
        _open.RemoveAt(at);
        return found;
    }

    /// <summary>The calls of an answer, with such ids as the next request will count for those that have none.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="asked">The request that was answered.</param>
    public static IReadOnlyList<RequestedCall> Named(IReadOnlyList<RequestedCall> calls, IReadOnlyList<ChatMessage> asked)
    {
        var count = asked.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Count(c => IsUnnamed(c.CallId));
        return [.. calls.Select(c => c.CallId.Length > 0 ? c : c with { CallId = $"{Mark}{++count}" })];
    }

    /// <summary>Messages in which calls without ids have those under which they were served.</summary>
    /// <param name="messages">The messages, as they were read.</param>
    /// <param name="served">The answers that were given.</param>
    public static IReadOnlyList<ChatMessage> Named(IReadOnlyList<ChatMessage> messages, IEnumerable<RecordedTurn> served)
    {
        if (!messages.Any(m => m.Contents.Any(c => c is FunctionCallContent call && IsUnnamed(call.CallId))))
            return messages;
        Dictionary<string, string> ids = new(StringComparer.Ordinal);
        List<RecordedTurn> left = [.. served];
        // What is said last was served last: the same may have been asked for before.
        foreach (var message in messages.Reverse().Where(m => m.Role == ChatRole.Assistant))
        {
            FunctionCallContent[] calls = [.. message.Contents.OfType<FunctionCallContent>()];
            var at = left.FindLastIndex(t => calls.Length > 0 && t.Calls.Select(KeyOf).SequenceEqual(calls.Select(KeyOf)));
            if (at < 0)
                continue;
            foreach (var (call, known) in calls.Zip(left[at].Calls).Where(p => IsUnnamed(p.First.CallId)))
                ids[call.CallId] = known.CallId;
            left.RemoveAt(at);
        }
        return [.. messages.Select(m => new ChatMessage(m.Role, [.. m.Contents.Select(c => Named(c, ids))]))];
    }

    private static AIContent Named(AIContent content, Dictionary<string, string> ids) =>
        content switch
        {
            FunctionCallContent call when ids.TryGetValue(call.CallId, out var id) => new FunctionCallContent(
                id,
                call.Name,
                call.Arguments
            ),
            FunctionResultContent result when ids.TryGetValue(result.CallId, out var id) => new FunctionResultContent(id, result.Result)
            {
                AdditionalProperties = result.AdditionalProperties,
            },
            _ => content,
        };

    private static (string, string) KeyOf(RequestedCall call) => (call.Tool, Json.Canonical(Json.Value(call.Arguments)));

    private static (string, string) KeyOf(FunctionCallContent call) =>
        (call.Name, Json.Canonical((object?)new Dictionary<string, object?>(call.Arguments ?? new Dictionary<string, object?>())));

    private static bool IsUnnamed(string id) => id.StartsWith(Mark, StringComparison.Ordinal);
}
