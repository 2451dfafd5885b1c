using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// The names by which an agent's framework offers tools to its model, where they are not those of the recording: a trace may leave out the
/// plugin that a function belongs to. The model's mock asks by the names that are offered; all else goes by the recorded ones.
/// </summary>
/// <param name="index">The fixture.</param>
internal sealed class OfferedNames(FixtureIndex index)
{
    private readonly SortedDictionary<string, string> _recorded = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known =
    [
        .. FixtureIndex.ToolsOf(index.Fixture).Select(t => t.Name),
        .. index.Fixture.Attempts.SelectMany(a => a.Turns).SelectMany(t => t.Calls).Select(c => c.Tool),
    ];

    /// <summary>A request offers tools.</summary>
    public void Note(IReadOnlyList<RecordedTool> offered)
    {
        HashSet<string> names = [.. offered.Select(t => t.Name)];
        foreach (var recorded in _known.Except(names).Order(StringComparer.Ordinal))
            if (names.Except(_known).Where(n => ToolNames.AreOne(n, recorded)).ToArray() is [var name])
                _recorded.TryAdd(name, recorded);
    }

    /// <summary>Tools by their recorded names.</summary>
    public IReadOnlyList<RecordedTool> Recorded(IReadOnlyList<RecordedTool> offered) =>
        _recorded.Count == 0 ? offered : [.. offered.Select(t => t with { Name = Recorded(t.Name) })];

    /// <summary>Messages with the recorded names of tools.</summary>
    public IReadOnlyList<ChatMessage> Recorded(IReadOnlyList<ChatMessage> messages) =>
        _recorded.Count == 0
            ? messages
            :
            [
                .. messages.Select(m =>
                    m.Contents.Any(c => c is FunctionCallContent) ? new ChatMessage(m.Role, [.. m.Contents.Select(Recorded)]) : m
                ),
            ];

    /// <summary>A turn that asks for tools by the names that are offered.</summary>
    public RecordedTurn Offered(RecordedTurn turn) =>
        _recorded.Count == 0 || turn.Calls.Count == 0
            ? turn
            : turn with
            {
                Calls = [.. turn.Calls.Select(c => c with { Tool = Offered(c.Tool) })],
            };

    private AIContent Recorded(AIContent content) =>
        content is FunctionCallContent call ? new FunctionCallContent(call.CallId, Recorded(call.Name), call.Arguments) : content;

    private string Recorded(string name) => _recorded.GetValueOrDefault(name, name);

    private string Offered(string recorded) => _recorded.FirstOrDefault(r => r.Value == recorded).Key ?? recorded;
}
