using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Shapes;

/// <summary>A run as the rules see it: its calls with their error classes, who is a victim, and what reached the model again.</summary>
internal sealed class RunView
{
    private readonly Dictionary<ToolCall, string?> _classes;
    private readonly HashSet<ToolCall> _victims;
    private readonly ModelCall[] _modelCalls;
    private IReadOnlyDictionary<string, bool>? _effects;
    private ILookup<string, string>? _requests;

    /// <param name="run">The run.</param>
    /// <param name="known">What is known beside it, or null.</param>
    public RunView(AgentRun run, RunKnowledge? known = null)
    {
        Run = run;
        ToolCalls = [.. run.ToolCalls];
        Known = known ?? RunKnowledge.None;
        _modelCalls = [.. run.ModelCalls];
        _classes = ToolCalls.ToDictionary(
            c => c,
            c => c.Error is null ? null : ErrorClass.Of(c.Error),
            (IEqualityComparer<ToolCall>)ReferenceEqualityComparer.Instance
        );
        foreach (var call in OwnDeadlines.Among(run.Turns))
            _classes[call] = ErrorClass.Timeout;
        _victims = new(run.Turns.SelectMany(VictimsOf), ReferenceEqualityComparer.Instance);
    }

    /// <summary>The run.</summary>
    public AgentRun Run { get; }

    /// <summary>What is known beside it.</summary>
    public RunKnowledge Known { get; }

    /// <summary>Whether a call of which the result is known was shown to answer so when it runs alone.</summary>
    public bool AnswersAlone => Known.AnswersAlone;

    /// <summary>
    /// Whether a call changes something each time it is made; null where nobody says so. What is declared comes first, then what its tool
    /// says of itself, then the methods of its requests: its own, where the run shows any of its tool, else those that were captured.
    /// </summary>
    public bool? IsEffect(ToolCall call)
    {
        if (Known.Effects.TryGetValue(call.Name, out var effect) || (_effects ??= ToolEffects.Of(Run)).TryGetValue(call.Name, out effect))
            return effect;
        _requests ??= ToolRequests.Of(Run);
        if (_requests.Contains(call.Name))
            return ToolRequests.Of(Run, call) is { Count: > 0 } own ? ToolRequests.IsEffect(own) : false;
        return Known.EffectsByMethod.TryGetValue(call.Name, out effect) ? effect : null;
    }

    /// <summary>Its tool calls in order of time.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; }

    /// <summary>Calls that failed by themselves, not as victims.</summary>
    public IEnumerable<ToolCall> Culprits => ToolCalls.Where(c => c.Error is not null && !IsVictim(c));

    /// <summary>The error class of a failed call; null for a call that succeeded.</summary>
    public string? ClassOf(ToolCall call) => _classes[call];

    /// <summary>True for a call that was cancelled because a sibling failed.</summary>
    public bool IsVictim(ToolCall call) => _victims.Contains(call);

    /// <summary>True for a call that its caller gave up, be it for a deadline: what it would have told nobody waited for.</summary>
    public static bool IsGivenUp(ToolCall call) => call.Error is { } error && ErrorClass.Of(error) == ErrorClass.Cancelled;

    /// <summary>
    /// True for a call of the model that its agent gave up of its own, and did not die of: the loser of a race, a stream that was read far
    /// enough.
    /// </summary>
    public bool IsGivenUp(ModelCall call) =>
        call.Error is { } error
        && ErrorClass.Of(error) == ErrorClass.Cancelled
        && (!Run.Failed || (Run.Error is { } of && ErrorClass.Of(of) is not (ErrorClass.Cancelled or ErrorClass.Timeout)));

    /// <summary>What a call returned when it was captured, canonical; null where that is not known.</summary>
    public string? ExpectedResult(ToolCall call) =>
        call.Arguments is not null && Known.ExpectedResults.TryGetValue((call.Name, Json.Canonical(call.Arguments)), out var result)
            ? result
            : null;

    /// <summary>True where the model was asked again after the call had ended, by whoever made the call.</summary>
    public bool ModelWasAskedAfter(ToolCall call) =>
        _modelCalls.Any(m => m.Attempts[0].StartNanos >= call.Span.EndNanos && (Callers.AreOne(m.Caller, call.Caller) || Tells(m, call)));

    /// <inheritdoc cref="ModelWasAskedAfter(ToolCall)"/>
    public bool ModelWasAskedAfter(ModelCall call) =>
        _modelCalls.Any(m =>
            m.Attempts[0].StartNanos >= call.Span.EndNanos && m.Span != call.Span && Callers.AreOne(m.Caller, call.Caller)
        );

    /// <summary>
    /// True where the call's outcome reached the model: a later model call was made and, where its content was recorded, it carries a
    /// result for the call.
    /// </summary>
    public bool ReachedModel(ToolCall call)
    {
        foreach (var model in _modelCalls)
        {
            if (model.Attempts[0].StartNanos < call.Span.EndNanos)
                continue;
            if (Tells(model, call))
                return true;
            if (Callers.AreOne(model.Caller, call.Caller) && (call.CallId is null || model.Input is null || !SpeaksOfCalls(model.Input)))
                return true;
        }
        return false;
    }

    /// <summary>What the model was told of each call.</summary>
    internal IReadOnlyList<ToldResult> Told => field ??= ToldResults.Of(Run);

    /// <summary>
    /// Calls that the model asked for and that were answered with an error before any tool ran, so that they have no span.
    /// </summary>
    internal IEnumerable<Rules.BadRequest> AnsweredWithoutSpan()
    {
        if (_modelCalls.LastOrDefault(m => m.Input is not null) is not { } model)
            yield break;
        var ran = ToolCalls.Select(c => c.CallId).ToHashSet(StringComparer.Ordinal);
        var answers = PartsOf<ToolResultPart>(model).Where(r => r.CallId is not null).ToLookup(r => r.CallId, StringComparer.Ordinal);
        foreach (var asked in PartsOf<ToolCallPart>(model).Where(c => c.CallId is not null && !ran.Contains(c.CallId)))
            if (
                answers[asked.CallId]
                    .Select(r => r.IsError ? Errors.FromText(r.Result) : SoftErrors.In(r.Result))
                    .FirstOrDefault(e => e is not null) is
                { } error
            )
                yield return new(asked.Name, asked.Arguments, error, model.Span);
    }

    private static IEnumerable<T> PartsOf<T>(ModelCall model) => model.Input!.SelectMany(m => m.Parts).OfType<T>();

    /// <summary>
    /// The cause: the deepest span that carries the exception and was not its victim. For a run that survived, its first failed call; null
    /// where nothing failed.
    /// </summary>
    public (Span Span, CallError Error)? Cause()
    {
        var failedModel = _modelCalls.FirstOrDefault(m => m.Error is not null && !ModelWasAskedAfter(m));
        var culprits = Culprits.ToArray();
        var same = Run.Error is null ? null : culprits.FirstOrDefault(c => ErrorClass.Of(c.Error!) == ErrorClass.Of(Run.Error));
        if (same is not null)
            return (same.Span, same.Error!);
        if (failedModel is not null && Run.Failed)
            return (failedModel.Span, failedModel.Error!);
        if (Run is { Failed: true, Error: not null })
            return (DeepestWithRunError(), Run.Error);
        return culprits.Length > 0 ? (culprits[0].Span, culprits[0].Error!) : null;
    }

    private Span DeepestWithRunError()
    {
        var failed = Run.Spans.Where(s => s.Status == SpanStatus.Error).ToArray();
        return failed.OrderByDescending(s => Run.Trace.Depths[s.SpanId]).ThenBy(s => s.StartNanos).FirstOrDefault()
            ?? Run.Root
            ?? Run.Spans[0];
    }

    private static bool Tells(ModelCall model, ToolCall call) =>
        call.CallId is { } id && model.Input?.Any(m => m.Parts.Any(p => p is ToolResultPart r && r.CallId == id)) == true;

    private static bool SpeaksOfCalls(IReadOnlyList<Message> input) =>
        input.Any(m => m.Parts.Any(p => p is ToolResultPart { CallId: not null } or ToolCallPart { CallId: not null }));

    // Two errors in one turn are often one cause and one victim: the cancelled one, where a sibling failed of itself. What ended before any
    // of them had failed was cancelled by something else.
    private IEnumerable<ToolCall> VictimsOf(Turn turn)
    {
        ToolCall[] culprits = [.. turn.Calls.Where(c => ClassOf(c) is { } other && other != ErrorClass.Cancelled)];
        return turn.Calls.Where(c => ClassOf(c) == ErrorClass.Cancelled && culprits.Any(f => MayFollow(c.Span, f.Span)));
    }

    /// <summary>How much earlier a victim may end than its culprit, whose span closes behind what cancels.</summary>
    internal static readonly TimeSpan CloseTogether = TimeSpan.FromMilliseconds(250);

    // One that began when the other had failed is another try.
    private static bool MayFollow(Span victim, Span culprit) =>
        victim.StartNanos < culprit.EndNanos && victim.EndNanos + (CloseTogether.Ticks * 100) >= culprit.EndNanos;
}
