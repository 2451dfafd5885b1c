using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.States;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// Serves the recorded turns of the model to one schedule. A request without any answer of the model in it starts an attempt; one that
/// extends what was served gets the next recorded turn, or, where the recording ends, a final message marked synthetic; anything else
/// contradicts the recording.
/// </summary>
/// <param name="index">The fixture.</param>
/// <param name="provider">Refuses what deserves it; null where refusals are served as captured.</param>
internal sealed class Conversation(FixtureIndex index, HealthyProvider? provider)
{
    private readonly Fixture _fixture = index.Fixture;

    /// <summary>How drift begins that says that the fixture is of another agent.</summary>
    public const string Stale = "stale: ";

    /// <summary>The text of a final message that nobody recorded.</summary>
    public const string SyntheticText = "(synthetic: the recording ends here)";

    private readonly List<RecordedTurn> _served = [];
    private readonly List<RequestedCall> _open = [];
    private readonly List<AskedCall> _asked = [];
    private int _refused;

    // How many recorded attempts were passed over because they hold nothing but refusals that no longer hold.
    private int _passed;

    /// <summary>Refuses what deserves it; null where refusals are served as captured.</summary>
    public HealthyProvider? Provider => provider;

    /// <summary>The attempt, from 1; 0 before the first request.</summary>
    public int Attempt { get; private set; }

    /// <summary>How many turns of this attempt were served.</summary>
    public int Served => _served.Count;

    /// <summary>Whether the last request of this attempt was answered with an error.</summary>
    public bool LastFailed { get; private set; }

    /// <summary>How many recorded turns of this attempt were played, one that failed included.</summary>
    public int Played => Served + (LastFailed ? 1 : 0);

    /// <summary>The calls that the answers of this attempt asked for, in order.</summary>
    public IReadOnlyList<AskedCall> Asked => _asked;

    /// <summary>The calls that the last answer asked for and that were not made yet.</summary>
    public IReadOnlyList<RequestedCall> Open => _open;

    /// <summary>True once this attempt went on where its recording ends.</summary>
    public bool IsBeyond { get; private set; }

    /// <summary>True once an answer was made up for a request that contradicted the recording.</summary>
    public bool MadeUp { get; private set; }

    /// <summary>What was accepted although it is not exactly as recorded.</summary>
    public List<string> Drift { get; } = [];

    /// <summary>Every call that a served turn asked for, by tool and canonical arguments.</summary>
    public HashSet<(string Tool, string Arguments)> Requested { get; } = [];

    /// <summary>
    /// The next turn, or why the request contradicts the recording. A synthetic turn has <see cref="SyntheticText"/> as its text.
    /// </summary>
    /// <param name="messages">The request.</param>
    /// <param name="byAttempt">
    /// Whether each of the client's own attempts comes here, so that those that were refused are refused again.
    /// </param>
    /// <param name="format">The API that the request came in; null for a client that stands above it.</param>
    public (RecordedTurn? Turn, Divergence? Divergence) Next(
        IReadOnlyList<ChatMessage> messages,
        bool byAttempt = false,
        WireFormat? format = null
    )
    {
        ChatMessage[] answers = [.. messages.Where(m => m.Role == ChatRole.Assistant)];
        if (!HistoryMatch.Continues(messages, _fixture.Input.User, _served) && provider?.IsAskedAgain(Served) != true)
            StartAttempt();
        NoteTold(messages);
        if (provider?.Refuse(messages, format, Ahead()) is { } deserved)
        {
            LastFailed = true;
            return (deserved, null);
        }
        if (Contradiction(messages, answers) is { } divergence)
        {
            if (index.Matching.OnMismatch != MismatchPolicy.Continue)
                return (null, divergence);
            Note($"no match, and a synthetic final message in its place: {divergence}");
            MadeUp = true;
            return (Synthetic([]), null);
        }
        var recorded = Recorded(format is not null);
        IsBeyond = recorded is null;
        var turn = recorded ?? Synthetic(_fixture.Attempts[Math.Min(Attempt, _fixture.Attempts.Count) - 1].Turns);
        if (byAttempt && turn.Retries is { } retries)
        {
            if (_refused < retries.Refused.Count)
            {
                LastFailed = true;
                return (Refusal(retries.Refused[_refused++]), null);
            }
            turn = turn with { LatencySeconds = retries.LatencySeconds };
        }
        _refused = 0;
        // A turn that fails is asked for again by the client: it is served, but it is no answer of the model.
        LastFailed = turn.Error is not null;
        if (!LastFailed)
            _served.Add(turn);
        _open.Clear();
        _open.AddRange(turn.Calls);
        foreach (var call in turn.Calls)
        {
            var key = FixtureIndex.Key(call.Tool, call.Arguments);
            Requested.Add(key);
            _asked.Add(new(call.CallId, key.Tool, key.Arguments, Served));
        }
        return (turn, null);
    }

    // What it is told is among the facts of the request, and so in the state.
    private void NoteTold(IReadOnlyList<ChatMessage> messages)
    {
        foreach (var result in messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>())
            if (_asked.Find(c => c.CallId == result.CallId && !c.IsTold) is { } call)
                call.IsTold = true;
    }

    /// <summary>Notes where the tools that a request offers are not those that were captured.</summary>
    public void NoteOffer(IReadOnlyList<RecordedTool> offered)
    {
        if (_fixture.Tools is not { } captured || offered.Count == 0)
            return;
        foreach (var difference in Differences.Tools(captured, offered))
            Note(Stale + difference);
    }

    /// <summary>The call id that the last answer gave a call; each id is given once.</summary>
    public string? TakeCallId(string tool, string arguments)
    {
        var index = _open.FindIndex(c => c.Tool == tool && Json.Canonical(Json.Value(c.Arguments)) == arguments);
        if (index < 0)
            return null;
        var id = _open[index].CallId;
        _open.RemoveAt(index);
        return id;
    }

    public void AddTo(IStateWords walk)
    {
        walk.Add(Attempt);
        walk.Add(Served);
        walk.Add(_refused);
        walk.Add(LastFailed ? 1 : 0);
        walk.Add(_passed);
        provider?.AddTo(walk);
        walk.Add(Drift.Count);
        foreach (var call in _open)
            walk.Add(call.CallId);
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
        _served.Clear();
        _asked.Clear();
        LastFailed = false;
        provider?.Restart();
    }

    // Attempts that met nothing but refusals hold no answer for who deserves none; a later one may.
    private RecordedTurn? Recorded(bool onWire)
    {
        if (provider is null)
            return Ahead().FirstOrDefault();
        var turn = provider.Next(Ahead(), Served, onWire);
        while (turn is null && Served == 0 && Attempt + _passed < _fixture.Attempts.Count)
        {
            _passed++;
            turn = provider.Next(Ahead(), Served, onWire);
        }
        return turn;
    }

    // What is recorded behind the answers that were served. Refusals are no answers.
    private IEnumerable<RecordedTurn> Ahead()
    {
        var recorded = _fixture.Attempts[Math.Min(Attempt + _passed, _fixture.Attempts.Count) - 1].Turns;
        var (skipped, answers) = (0, 0);
        for (; answers < Served && skipped < recorded.Count; skipped++)
            if (provider is null || recorded[skipped].Error is null)
                answers++;
        return recorded.Skip(skipped);
    }

    private Divergence? Contradiction(IReadOnlyList<ChatMessage> messages, ChatMessage[] answers)
    {
        var user = messages.FirstOrDefault(m => m.Role == ChatRole.User)?.Text ?? "";
        if (Differs(answers) is { } difference)
        {
            if (HistoryMatch.ByItsEnd(messages, _served) is not { } notes)
                return difference;
            foreach (var note in notes)
                Note(note);
            // The results say which question it is; else the question itself must be there.
            if (Served > 0 || messages.Any(m => m.Role == ChatRole.User && m.Text == _fixture.Input.User))
                user = _fixture.Input.User;
        }
        var system = messages.FirstOrDefault(m => m.Role == ChatRole.System)?.Text;
        if (system is not null && _fixture.Input.System is { } recorded && system != recorded)
            Note($"{Stale}the system instructions differ: {Differences.Text(recorded, system)}");
        if (user == _fixture.Input.User)
            return null;
        if (VolatileParts.Mask(user) == VolatileParts.Mask(_fixture.Input.User))
            Note("the user's text differs from the recorded one in volatile parts");
        else if (index.Matching.AcceptDrift)
            Note($"accepted: the user's text is different: {Differences.Text(_fixture.Input.User, user)}");
        else
            return new(
                $"the agent asked the model \"{Short(user)}\"",
                $"\"{Short(_fixture.Input.User)}\"",
                [$"the user's text is different: {Differences.Text(_fixture.Input.User, user)}"],
                $"give the agent the captured input, or {Divergence.CaptureAgain}",
                Remedy.AcceptDrift
            );
        return null;
    }

    private Divergence? Differs(ChatMessage[] answers)
    {
        if (answers.Length != Served)
            return new(
                $"the agent sent the model a request with {answers.Length} of its answers",
                $"turn {Served + 1} of attempt {Attempt}",
                [$"{Served} answers were served in this attempt"]
            );
        for (var i = 0; i < answers.Length; i++)
            if (HistoryMatch.Difference(answers[i], _served[i]) is { } difference)
                return new($"the agent changed the model's answer {i + 1}", null, [difference]);
        return null;
    }

    private static RecordedTurn Refusal(RecordedRefusal refusal) =>
        new()
        {
            LatencySeconds = refusal.LatencySeconds,
            Calls = [],
            Error = refusal.Error,
        };

    private static RecordedTurn Synthetic(IReadOnlyList<RecordedTurn> recorded) =>
        new()
        {
            LatencySeconds = recorded.Count > 0 ? recorded[^1].LatencySeconds : 1,
            Text = SyntheticText,
            Calls = [],
        };

    private static Dictionary<string, object?> ArgumentsOf(JsonElement arguments) =>
        arguments.EnumerateObject().ToDictionary(m => m.Name, m => (object?)m.Value, StringComparer.Ordinal);

    /// <summary>Notes what was accepted although it is not as recorded.</summary>
    public void Note(string drift)
    {
        if (!Drift.Contains(drift))
            Drift.Add(drift);
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
