using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>
/// Whether a schedule that ended well put the agent to the test at all. An agent that was never started, or stopped before the failure,
/// shows no failure either: that proves nothing.
/// </summary>
/// <param name="Missing">What is missing for a proof, as sentences without their full stops; empty where nothing is.</param>
/// <param name="Departures">How it left the recording in a way that is known: a guard, a fallback; or how it survived.</param>
/// <param name="Swallows">True where it ended well with nothing to show after the model had failed.</param>
/// <param name="Abandoned">Calls that were in flight when the run ended, of which nobody was told, and that never answered.</param>
/// <param name="Unclear">What the model was told that nobody can tell from a lie; it counts where nothing else is found.</param>
/// <param name="IsStillRefused">Whether the model's API refused what the agent could have known that it refuses.</param>
internal sealed record Exercise(
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Departures,
    bool Swallows,
    IReadOnlyCollection<BoundaryCall> Abandoned,
    IReadOnlyList<string> Unclear,
    bool IsStillRefused
)
{
    private static Exercise Speaking { get; } = new([], [], false, [], [], false);

    /// <summary>Of a schedule that ended with a failure. It speaks for itself, unless it came before the model was asked.</summary>
    /// <param name="context">How far the recording was played.</param>
    /// <param name="failure">What it failed with, or null.</param>
    public static Exercise OfFailure(ReplayContext context, CallError? failure) =>
        context.Conversation.Attempt > 0 || HasNoModel(context.Index.Fixture)
            ? Speaking
            : Speaking with
            {
                Missing = [failure is null ? NeverAsked : $"{NeverAsked}: it failed before ({failure})"],
            };

    private const string NeverAsked = "the agent never asked the model";

    private static bool HasNoModel(Fixture fixture) => fixture.Attempts.All(a => a.Turns.Count == 0);

    /// <summary>Of a schedule that ended well.</summary>
    /// <param name="context">How far the recording was played.</param>
    /// <param name="calls">The calls until the run ended.</param>
    /// <param name="answered">Whether the agent gave an answer; null where nobody can tell.</param>
    public static Exercise Of(ReplayContext context, IReadOnlyList<BoundaryCall> calls, bool? answered)
    {
        var found = new Finder(context, calls);
        found.Look(answered);
        return new(
            [.. found.Missing.Distinct(StringComparer.Ordinal)],
            found.Departures,
            found.Swallows,
            found.Abandoned,
            [.. ToldOfCall.Unclear(context, calls)],
            calls.Any(c => c.IsAvoidable)
        );
    }

    private sealed class Finder(ReplayContext context, IReadOnlyList<BoundaryCall> calls)
    {
        private readonly Conversation _conversation = context.Conversation;

        public List<string> Missing { get; } = [];

        public List<string> Departures { get; } = [];

        public bool Swallows { get; private set; }

        public List<BoundaryCall> Abandoned { get; } = [];

        public void Look(bool? answered)
        {
            var fixture = context.Index.Fixture;
            if (HasNoModel(fixture))
                return;
            if (_conversation.Attempt == 0)
            {
                Missing.Add(NeverAsked);
                return;
            }
            LookAtCallsInFlight();
            foreach (var call in context.CalledLate)
                Missing.Add($"the run went on after its end: {call} was called then");
            if (_conversation.MadeUp || context.Tools.MadeUp)
                Missing.Add("the agent asked for what the fixture does not hold, and went on with an answer that was made up");
            if (_conversation.LastFailed)
                ModelFailedLast(answered);
            else
                LookAtTurns(fixture);
            if (calls.Any(c => IsFailedModel(c) && calls.Any(other => IsAnsweredModel(other) && other.StartTicks >= c.EndTicks)))
                Departures.Add("the model was asked again after its error, and answered");
            foreach (var tool in ToldOfRefusal())
                Departures.Add($"the model was told that {tool} failed");
            if (Disagreeing() is { } span)
                Missing.Add(
                    $"the agent's own span \"{span.Name}\" ended with an error, and its run did not: something around it caught that"
                );
        }

        private void LookAtTurns(Fixture fixture)
        {
            var last = _conversation.Dialogues.Select(d => d.Turn).ToHashSet();
            AskedCall[] open = [.. _conversation.Asked.Where(c => last.Contains(c.Turn) && !c.IsTold)];
            var cut = _conversation.Dialogues.FirstOrDefault(d => d.Played < TurnsUpToFailure(d));
            if ((cut is not null || open.Length > 0) && Guarded(fixture) is { } guarded)
            {
                Departures.Add(guarded);
                return;
            }
            if (_conversation.IsBeyond && fixture.Shape.Identity.Any(i => i.Rule == "step-limit"))
                Missing.Add(
                    "the recording ends where the agent stopped at its limit, so nothing shows that the model would have come to an end"
                );
            if (cut is not null)
                Missing.Add(
                    FormattableString.Invariant(
                        $"the agent{NameOf(cut)} ended after {cut.Played} of the {TurnsUpToFailure(cut)} recorded turns up to the failure"
                    )
                );
            foreach (var call in open.Where(IsMade))
                Missing.Add($"the agent never told the model the result of {call}");
            foreach (var call in _conversation.Asked.Where(c => !c.IsTold && !IsMade(c) && !HandOffs.Took(c, context)))
                Missing.Add($"the agent never made the call {call} that the model asked for, and told the model nothing of it");
        }

        private string NameOf(Dialogue dialogue) =>
            _conversation.Dialogues.Count > 1 && dialogue.Recorded.Turns is [{ Agent: { } name }, ..] ? $" {name}" : "";

        // The last turn in which something failed; where the run failed of itself, the last one.
        private int TurnsUpToFailure(Dialogue dialogue)
        {
            var turns = dialogue.Recorded.Turns;
            var last = LastFailing(turns);
            if (last == 0)
                last = _conversation.Dialogues.Any(d => LastFailing(d.Recorded.Turns) > 0) ? 0 : turns.Count;
            if (last == 0 || dialogue.Provider is null)
                return last;
            // Refusals are served only while they are deserved; but what was refused last must have been asked.
            return turns.Take(last).Count(t => t.Error is null) + (turns[last - 1].Error is null ? 0 : 1);
        }

        private int LastFailing(IReadOnlyList<RecordedTurn> turns)
        {
            var attempt = Math.Min(_conversation.Attempt, context.Index.Fixture.Attempts.Count);
            var last = turns.Count;
            while (last > 0 && turns[last - 1].Error is null && !turns[last - 1].Calls.Any(c => Failed(c, attempt)))
                last--;
            return last;
        }

        private bool Failed(RequestedCall call, int attempt) =>
            context.Index.BehavioursOf(FixtureIndex.Key(call.Tool, call.Arguments)).Any(b => b.Attempt == attempt && b.Error is not null);

        // A loop was captured, and the agent left when it saw that the model repeats itself.
        private string? Guarded(Fixture fixture)
        {
            if (!fixture.Shape.Identity.Any(i => i.Rule is "repeated-tool-calls" or "step-limit"))
                return null;
            var repeated = _conversation
                .Asked.GroupBy(c => (c.Tool, c.Arguments))
                .Where(g => g.Select(c => c.Turn).Distinct().Skip(1).Any())
                .MaxBy(g => g.Count());
            return repeated is null
                ? null
                : FormattableString.Invariant($"it stopped a loop: the model had asked {repeated.Count()} times for {repeated.First()}");
        }

        private void ModelFailedLast(bool? answered)
        {
            var failed = calls.LastOrDefault(IsFailedModel);
            if (answered == true)
                Departures.Add("it survived the model's error with an answer of its own");
            else if (failed is not null && calls.Any(c => c.Kind != BoundaryKind.Model && c.StartTicks >= failed.EndTicks))
                Departures.Add("it survived the model's error by other calls");
            else
            {
                Swallows = true;
                Departures.Add("it swallowed the model's error: it ended well with nothing to show");
            }
        }

        private void LookAtCallsInFlight()
        {
            foreach (var call in calls.Where(c => c.IsAbandoned && !IsSettled(c)))
            {
                Missing.Add($"the run ended while {call.Label} was in flight: nobody awaited it");
                if (!call.EndedLate)
                    Abandoned.Add(call);
            }
        }

        // The model was told of it, or of the tool call around it; or an equal call answered. No request of the model stands for another.
        private bool IsSettled(BoundaryCall call)
        {
            var id = call.CallId ?? call.Owner?.CallId;
            return (id is not null && _conversation.Asked.Any(c => c.CallId == id && c.IsTold))
                || calls.Any(c =>
                    c != call
                    && c.Kind == call.Kind
                    && c.Kind != BoundaryKind.Model
                    && c.Name == call.Name
                    && c.Arguments == call.Arguments
                    && c is { Ended: true, Error: null }
                );
        }

        private IEnumerable<string> ToldOfRefusal() =>
            calls
                .Where(c => c is { Kind: BoundaryKind.Tool, Error: { } error } && OutsideCause.IsRefusal(ErrorClass.Of(error)))
                .Where(c => ToldOfCall.Of(c, calls).Any(t => t.SaysFailure))
                .Select(c => c.Name)
                .Distinct(StringComparer.Ordinal);

        private bool IsMade(AskedCall asked) =>
            calls.Any(c =>
                c is { Kind: BoundaryKind.Tool, IsCancelledAtOnce: false }
                && context.Index.Fixture.Aliases.GetValueOrDefault(c.Name, c.Name) == asked.Tool
                && c.Arguments == asked.Arguments
            );

        // The outermost span of the agent's around its last call of the model.
        private AgentSpan? Disagreeing()
        {
            var top = calls.LastOrDefault(c => c.Kind == BoundaryKind.Model)?.Around;
            while (top?.Parent is { } parent)
                top = parent;
            return top is { Call: null, Error: not null } ? top : null;
        }

        private static bool IsFailedModel(BoundaryCall call) => call is { Kind: BoundaryKind.Model, Error: not null };

        private static bool IsAnsweredModel(BoundaryCall call) => call is { Kind: BoundaryKind.Model, Output: not null, Error: null };
    }
}
