using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.States;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// Serves the recorded turns of the model to one schedule. An attempt holds the conversations of one or several agents, and a request
/// belongs to one by its content. A request that begins a conversation which was begun before starts an attempt; what contradicts the
/// recording is no part of any.
/// </summary>
/// <param name="index">The fixture.</param>
/// <param name="newProvider">Makes what refuses requests that deserve it; gives null where refusals are served as captured.</param>
internal sealed class Conversation(FixtureIndex index, Func<HealthyProvider?> newProvider)
{
    private readonly Fixture _fixture = index.Fixture;

    /// <summary>How drift begins that says that the fixture is of another agent.</summary>
    public const string Stale = "stale: ";

    /// <summary>The text of a final message that nobody recorded.</summary>
    public const string SyntheticText = "(synthetic: the recording ends here)";

    private readonly List<Dialogue> _all = [];
    private readonly List<AskedCall> _asked = [];
    private Dialogue? _current;

    /// <summary>The conversations of this attempt.</summary>
    public IReadOnlyList<Dialogue> Dialogues { get; private set; } = [];

    /// <summary>What judges the request that came last; null where refusals are served as captured.</summary>
    public HealthyProvider? Provider => _current?.Provider;

    /// <summary>The attempt, from 1; 0 before the first request.</summary>
    public int Attempt { get; private set; }

    /// <summary>How many turns of this attempt were served.</summary>
    public int Served => _all.Sum(d => d.Served.Count);

    /// <summary>Whether the last request of this attempt was answered with an error.</summary>
    public bool LastFailed => _current?.LastFailed == true;

    /// <summary>The calls that the answers of this attempt asked for, in order.</summary>
    public IReadOnlyList<AskedCall> Asked => _asked;

    /// <summary>The calls that the last answers of the agents asked for and that were not made yet.</summary>
    public IEnumerable<RequestedCall> Open => _all.SelectMany(d => d.Open);

    /// <summary>True once this attempt went on where its recording ends.</summary>
    public bool IsBeyond => _all.Exists(d => d.IsBeyond);

    /// <summary>The names by which tools are offered.</summary>
    public OfferedNames Names { get; } = new(index);

    /// <summary>True once an answer was made up for a request that contradicted the recording.</summary>
    public bool MadeUp { get; private set; }

    /// <summary>What was accepted although it is not exactly as recorded.</summary>
    public List<string> Drift { get; } = [];

    /// <summary>Every call that a served turn asked for, by tool and canonical arguments.</summary>
    public HashSet<(string Tool, string Arguments)> Requested { get; } = [];

    /// <summary>True once a turn has asked for several calls.</summary>
    public bool AskedForSeveral { get; private set; }

    /// <summary>
    /// The next turn, or why the request contradicts the recording. A synthetic turn has <see cref="SyntheticText"/> as its text, or in
    /// its JSON.
    /// </summary>
    /// <param name="messages">The request.</param>
    /// <param name="byAttempt">
    /// Whether each of the client's own attempts comes here, so that those that were refused are refused again.
    /// </param>
    /// <param name="format">The API that the request came in; null for a client that stands above it.</param>
    /// <param name="schema">The schema of the JSON that the answer is to be; null where it is text.</param>
    public (RecordedTurn? Turn, Divergence? Divergence) Next(
        IReadOnlyList<ChatMessage> messages,
        bool byAttempt = false,
        WireFormat? format = null,
        JsonElement? schema = null
    )
    {
        var dialogue = _current = DialogueOf(messages);
        dialogue.IsAsked = true;
        NoteTold(messages);
        if (dialogue.Refuse(messages, format) is { } deserved)
            return (deserved, null);
        if (new RequestCheck(index, dialogue, Attempt, Note).Contradiction(messages) is { } divergence)
        {
            if (index.Matching.OnMismatch != MismatchPolicy.Continue)
                return (null, divergence);
            Note($"no match, and a synthetic final message in its place: {divergence}");
            MadeUp = true;
            return (Dialogue.Synthetic([], schema), null);
        }
        var (answers, turn) = (dialogue.Served.Count, dialogue.Answer(byAttempt, format is not null, Served, schema));
        // A turn that failed has asked for nothing; one that was refused is no recorded one.
        if (dialogue.Served.Count > answers)
        {
            AskedForSeveral |= turn.Calls.Count > 1;
            foreach (var call in turn.Calls)
            {
                var key = FixtureIndex.Key(call.Tool, call.Arguments);
                Requested.Add(key);
                _asked.Add(new(call.CallId, key.Tool, key.Arguments, dialogue.Turn));
            }
        }
        return (turn, null);
    }

    private Dialogue DialogueOf(IReadOnlyList<ChatMessage> messages)
    {
        if (Attempt == 0)
            StartAttempt();
        var dialogues = Dialogues;
        if (dialogues is [var only])
        {
            var goesOn = HistoryMatch.Continues(messages, only.Question ?? _fixture.Input.User, only.Served);
            if (!goesOn && only.Provider?.IsAskedAgain(only.Served.Count) != true && _current is not null)
                StartAttempt();
            return Dialogues is [var still] ? still : Routing.Of(messages, Dialogues).Dialogue;
        }
        var (dialogue, continues) = Routing.Of(messages, dialogues);
        if (continues || !dialogue.IsAsked || dialogue.Provider?.IsAskedAgain(dialogue.Served.Count) == true)
            return dialogue;
        StartAttempt();
        return Routing.Of(messages, Dialogues).Dialogue;
    }

    // What it is told is among the facts of the request, and so in the state.
    private void NoteTold(IReadOnlyList<ChatMessage> messages)
    {
        foreach (var result in messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>())
            if (_asked.Find(c => c.CallId == result.CallId && !c.IsTold) is { } call)
                call.IsTold = true;
    }

    /// <summary>Notes which tools a request offers, and where they are not those that were captured.</summary>
    public void NoteOffer(IReadOnlyList<RecordedTool> offered)
    {
        Names.Note(offered);
        offered = Names.Recorded(offered);
        if (_fixture.Tools is not { } captured || offered.Count == 0)
            return;
        // Of several agents each has tools of its own.
        if (index.DialoguesOf(Math.Max(Attempt, 1)).Count > 1)
            captured = [.. captured.Where(c => offered.Any(o => o.Name == c.Name))];
        foreach (var difference in Differences.Tools(captured, offered))
            Note(Stale + difference);
    }

    /// <summary>The id that an answer gave a call, the turn and the conversation it belongs to; each id is given once.</summary>
    public (string? CallId, int Turn, Dialogue? Of) TakeCall(string tool, string arguments)
    {
        foreach (var dialogue in _all)
            if (dialogue.TakeCallId(tool, arguments) is { } id)
                return (id, dialogue.Turn, dialogue);
        return (null, Served, null);
    }

    /// <summary>Names the conversation of a call in its trace; null where there is but one.</summary>
    /// <param name="dialogue">The conversation; null for that of the request that came last.</param>
    public string? CallerOf(Dialogue? dialogue) => Dialogues.Count > 1 ? $"{Attempt}/{(dialogue ?? _current)?.Number}" : null;

    public void AddTo(IStateWords walk)
    {
        walk.Add(Attempt);
        foreach (var dialogue in _all)
            dialogue.AddTo(walk);
        walk.Add(Drift.Count);
    }

    /// <summary>A turn as the response that the agent gets.</summary>
    public static ChatResponse Respond(RecordedTurn turn)
    {
        List<AIContent> contents = [];
        if (turn.Text is { Length: > 0 } text)
            contents.Add(new TextContent(text));
        contents.AddRange(turn.Calls.Select(c => new FunctionCallContent(c.CallId, c.Tool, ArgumentsOf(c.Arguments))));
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            FinishReason =
                turn.FinishReason is { } reason ? new ChatFinishReason(reason)
                : turn.Calls.Count > 0 ? ChatFinishReason.ToolCalls
                : ChatFinishReason.Stop,
        };
    }

    private void StartAttempt()
    {
        Attempt++;
        _asked.Clear();
        while (_all.Count < index.DialoguesOf(Attempt).Count)
            _all.Add(new(index, _all.Count, newProvider()));
        Dialogues = _all[..index.DialoguesOf(Attempt).Count];
        foreach (var dialogue in _all)
            dialogue.Restart(Attempt);
    }

    private static Dictionary<string, object?> ArgumentsOf(JsonElement arguments) =>
        arguments.EnumerateObject().ToDictionary(m => m.Name, m => (object?)m.Value, StringComparer.Ordinal);

    /// <summary>Notes what was accepted although it is not as recorded.</summary>
    public void Note(string drift)
    {
        if (!Drift.Contains(drift))
            Drift.Add(drift);
    }
}
