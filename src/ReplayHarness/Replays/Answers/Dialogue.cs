using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.States;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// One conversation of an agent with its model, as far as it was played: a request gets the next recorded turn, or, where the recording
/// ends, a final message marked synthetic.
/// </summary>
/// <param name="index">The fixture.</param>
/// <param name="number">Which of an attempt's conversations it is, from 0.</param>
/// <param name="provider">Refuses what deserves it; null where refusals are served as captured.</param>
internal sealed class Dialogue(FixtureIndex index, int number, HealthyProvider? provider)
{
    private readonly List<RecordedTurn> _served = [];
    private readonly List<RequestedCall> _open = [];
    private int _attempt = 1;
    private int _refused;

    // How many recorded attempts were passed over because they hold nothing but refusals that no longer hold.
    private int _passed;

    /// <summary>Which of an attempt's conversations it is, from 0.</summary>
    public int Number => number;

    /// <summary>Refuses what deserves it; null where refusals are served as captured.</summary>
    public HealthyProvider? Provider => provider;

    /// <summary>The answers that were given in this attempt.</summary>
    public IReadOnlyList<RecordedTurn> Served => _served;

    /// <summary>The calls that the last answer asked for and that were not made yet.</summary>
    public IReadOnlyList<RequestedCall> Open => _open;

    /// <summary>The number of the last answer among all of the attempt, from 1; 0 where there was none.</summary>
    public int Turn { get; private set; }

    /// <summary>Whether anything was asked in this attempt.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Whether the last request of this attempt was answered with an error.</summary>
    public bool LastFailed { get; private set; }

    /// <summary>How many recorded turns of this attempt were played, one that failed included.</summary>
    public int Played => Served.Count + (LastFailed ? 1 : 0);

    /// <summary>True once this attempt went on where its recording ends.</summary>
    public bool IsBeyond { get; private set; }

    /// <summary>As it was recorded, in the attempt that is played.</summary>
    public RecordedDialogue Recorded => At(_attempt);

    /// <summary>The user's text that it begins with; null where it begins with none, as one that takes over may.</summary>
    public string? Question => Recorded.Question;

    /// <summary>The turn that the recording holds next, or null.</summary>
    public RecordedTurn? Next => Ahead().FirstOrDefault();

    /// <summary>An attempt begins.</summary>
    /// <param name="attempt">Its number, from 1.</param>
    public void Restart(int attempt)
    {
        _attempt = attempt;
        _served.Clear();
        (IsAsked, LastFailed, Turn) = (false, false, 0);
        provider?.Restart();
    }

    /// <summary>The refusal that a request deserves; null for none.</summary>
    public RecordedTurn? Refuse(IReadOnlyList<ChatMessage> messages, WireFormat? format)
    {
        var deserved = provider?.Refuse(messages, format, Ahead());
        LastFailed |= deserved is not null;
        return deserved;
    }

    /// <summary>The answer to a request that fits.</summary>
    /// <param name="byAttempt">Whether each of the client's own attempts comes here.</param>
    /// <param name="onWire">Whether it came over HTTP.</param>
    /// <param name="before">How many answers were given in the attempt, to any agent.</param>
    /// <param name="schema">The schema of the JSON that it is to be; null where it is text.</param>
    public RecordedTurn Answer(bool byAttempt, bool onWire, int before, JsonElement? schema)
    {
        var recorded = NextRecorded(onWire);
        IsBeyond = recorded is null;
        var turn = recorded ?? Synthetic(Recorded.Turns, schema);
        if (byAttempt && turn.Retries is { } retries)
        {
            if (_refused < retries.Refused.Count)
            {
                LastFailed = true;
                return Refusal(retries.Refused[_refused++]);
            }
            turn = turn with { LatencySeconds = retries.LatencySeconds };
        }
        _refused = 0;
        // A turn that fails is asked for again by the client: it is served, but it is no answer of the model.
        LastFailed = turn.Error is not null;
        if (!LastFailed)
        {
            _served.Add(turn);
            Turn = before + 1;
        }
        _open.Clear();
        _open.AddRange(turn.Calls);
        return turn;
    }

    /// <summary>Takes the id that the last answer gave a call; each is given once.</summary>
    public string? TakeCallId(string tool, string arguments)
    {
        var at = _open.FindIndex(c => c.Tool == tool && Json.Canonical(Json.Value(c.Arguments)) == arguments);
        if (at < 0)
            return null;
        var id = _open[at].CallId;
        _open.RemoveAt(at);
        return id;
    }

    public void AddTo(IStateWords walk)
    {
        walk.Add(Served.Count);
        walk.Add(_refused);
        walk.Add((LastFailed ? 1 : 0) + (IsAsked ? 2 : 0));
        walk.Add(_passed);
        walk.Add(Turn);
        provider?.AddTo(walk);
        foreach (var call in _open)
            walk.Add(call.CallId);
    }

    /// <summary>A final message that nobody recorded.</summary>
    /// <param name="recorded">The turns that say how long one takes.</param>
    /// <param name="schema">The schema of the JSON that it is to be; null where it is text.</param>
    public static RecordedTurn Synthetic(IReadOnlyList<RecordedTurn> recorded, JsonElement? schema) =>
        new()
        {
            LatencySeconds = recorded.Count > 0 ? recorded[^1].LatencySeconds : 1,
            Text = schema is { } form ? SchemaSample.Of(form, Conversation.SyntheticText) : Conversation.SyntheticText,
            Calls = [],
        };

    private RecordedDialogue At(int attempt)
    {
        var dialogues = index.DialoguesOf(attempt);
        return number < dialogues.Count ? dialogues[number] : new([], []);
    }

    // Attempts that met nothing but refusals hold no answer for who deserves none; a later one may.
    private RecordedTurn? NextRecorded(bool onWire)
    {
        if (provider is null)
            return Next;
        var turn = provider.Next(Ahead(), Served.Count, onWire);
        while (turn is null && Served.Count == 0 && _attempt + _passed < index.Fixture.Attempts.Count)
        {
            _passed++;
            turn = provider.Next(Ahead(), Served.Count, onWire);
        }
        return turn;
    }

    // What is recorded behind the answers that were served. Refusals are no answers.
    private IEnumerable<RecordedTurn> Ahead()
    {
        var recorded = At(_attempt + _passed).Turns;
        var (skipped, answers) = (0, 0);
        for (; answers < Served.Count && skipped < recorded.Count; skipped++)
            if (provider is null || recorded[skipped].Error is null)
                answers++;
        return recorded.Skip(skipped);
    }

    private static RecordedTurn Refusal(RecordedRefusal refusal) =>
        new()
        {
            LatencySeconds = refusal.LatencySeconds,
            Calls = [],
            Error = refusal.Error,
        };
}
