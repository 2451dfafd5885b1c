using System.Text.Json;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Fixtures;

/// <summary>Makes a fixture of the attempts of one incident.</summary>
internal static class Capture
{
    /// <summary>The fixture of an incident.</summary>
    /// <param name="incident">Its name.</param>
    /// <param name="selected">How the traces were selected, for the provenance.</param>
    /// <param name="traces">The traces of its attempts, redacted.</param>
    /// <param name="healthy">Traces that show calls that failed as they go when nothing is wrong; may be empty.</param>
    /// <param name="redactions">What was replaced.</param>
    /// <param name="promoted">What is to be judged beyond the usual; null for nothing.</param>
    /// <param name="isHealthy">Whether the runs must be such in which nothing went wrong; else, such that failed.</param>
    /// <exception cref="BadInputException">The traces hold no agent run, or none that failed.</exception>
    public static Fixture Create(
        string incident,
        string selected,
        IReadOnlyList<Trace> traces,
        IReadOnlyList<Trace> healthy,
        IReadOnlyList<Redaction> redactions,
        PromotedFindings? promoted = null,
        bool isHealthy = false
    )
    {
        AgentRun[] runs = [.. AgentRuns.Read(traces)];
        if (runs.Length == 0)
            throw new BadInputException($"{selected}: no agent run in the selected traces: {NoRun.Of(traces)}");
        var healthyCalls = HealthyCalls(healthy, runs);
        var effects = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (tool, isEffect) in runs.SelectMany(ToolEffects.Of))
            effects[tool] = isEffect;
        var known = new RunKnowledge
        {
            ExpectedResults = healthyCalls
                .DistinctBy(h => FixtureIndex.Key(h.Tool, h.Arguments))
                .ToDictionary(h => FixtureIndex.Key(h.Tool, h.Arguments), h => Json.Canonical(FixtureIndex.TextOf(h.Result))),
            Effects = effects,
            Promoted = promoted?.Rules ?? [],
        };
        InspectedRun[] attempts = [.. runs.Select(r => InspectedRun.Of(r, known))];
        var shape = new Incident(attempts);
        if (!isHealthy)
            (promoted ?? PromotedFindings.None).Check(selected, attempts, shape.Shape);
        else if (!shape.Shape.IsHealthy)
            throw new BadInputException(
                $"{selected}: the run is not healthy ({string.Join(", ", shape.Shape.Identity)}); expected one in which nothing went wrong"
            );
        Behaviour[] behaviours = [.. runs.SelectMany((run, i) => BehavioursOf(run, i + 1, healthyCalls))];
        return new Fixture
        {
            Schema = "./fixture.schema.json",
            SchemaVersion = Fixture.CurrentVersion,
            Incident = incident,
            CapturedAt = DateTimeOffset.UnixEpoch.AddTicks(runs[0].Trace.Spans[0].StartNanos / 100),
            Source = new(FixtureWriter.TracesFile, selected, [.. runs.Select(r => r.Trace.TraceId).Distinct(StringComparer.Ordinal)]),
            Input = CapturedInput.Of(runs),
            Attempts = [.. runs.Select((run, i) => AttemptOf(run, i + 1 < runs.Length ? runs[i + 1] : null))],
            Behaviours = behaviours,
            Shape = new(shape.Shape.Fingerprint, shape.Shape.Identity, shape.Shape.Outline.Split('\n'), shape.IsDeterministicRetry),
            Hypotheses = Hypothesis.Of(CapturedIncident.Of(shape, runs, behaviours, healthyCalls, known)),
            Redactions = redactions,
            Aliases = new Dictionary<string, string>(),
            Tools = ToolDefinitions.Of(runs) is { Length: > 0 } tools ? tools : null,
            Effects = effects.Count > 0 ? effects : null,
            Methods = MethodsOf(runs.Concat(AgentRuns.Read(healthy))) is { Count: > 0 } methods ? methods : null,
            Told = ShortenedIn(runs) is { Count: > 0 } told ? told : null,
            Promoted = known.Promoted.Count > 0 ? known.Promoted : null,
        };
    }

    // Those of a tool whose requests leave open whether they act are left out: a method alone would say too much.
    private static SortedDictionary<string, IReadOnlyList<string>> MethodsOf(IEnumerable<AgentRun> runs)
    {
        var methods = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var tool in runs.SelectMany(ToolRequests.Of).SelectMany(t => t.Select(r => (t.Key, r))).GroupBy(t => t.Key, t => t.r))
            if (ToolRequests.IsEffect(tool) is not null)
                methods[tool.Key] = [.. tool.Select(r => r.Split(' ')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return methods;
    }

    // What the agent cut when it was captured is how it works.
    private static SortedDictionary<string, ToldAs> ShortenedIn(IEnumerable<AgentRun> runs)
    {
        var shortened = new SortedDictionary<string, ToldAs>(StringComparer.Ordinal);
        foreach (var told in runs.SelectMany(ToldResults.Of).Where(t => t.IsFirst && ToldCut.IsCut(t.Call.Result, t.Text)))
            shortened[told.Call.Name] = ToldAs.Shortened;
        return shortened;
    }

    private static RecordedAttempt AttemptOf(AgentRun run, AgentRun? next)
    {
        Turn[] turns = [.. run.Turns.Where(t => t.Model is not null)];
        var links = CapturedConversations.Of([.. turns.Select(t => t.Model!)]);
        return new(
            run.Trace.TraceId,
            [
                .. turns.Select(
                    (t, i) => TurnOf(run.Trace, t) with { Agent = t.Model!.Agent, Follows = links[i].Follows, Adds = links[i].Adds }
                ),
            ],
            BackoffOf(run, next)
        );
    }

    private static double? BackoffOf(AgentRun run, AgentRun? next)
    {
        var recorded = run.Trace.Spans.Select(s => s.Attributes.Number("backoff_seconds")).FirstOrDefault(n => n is not null);
        if (recorded is not null || next is null)
            return next is null ? null : recorded;
        return Math.Round((next.Spans[0].StartNanos - run.Spans.Max(s => s.EndNanos)) / 1e9, 3);
    }

    private static RecordedTurn TurnOf(Trace trace, Turn turn)
    {
        var model = turn.Model!;
        // Where a dialect nests the tools in the model's span, the model had answered when the first of them began.
        var answered = turn
            .Calls.Select(c => c.Span.StartNanos)
            .Where(start => start < model.Span.EndNanos)
            .Append(model.Span.EndNanos)
            .Min();
        var parts = model.Output?.SelectMany(m => m.Parts).ToArray();
        var asked =
            parts?.OfType<ToolCallPart>().Select(p => Call(p.CallId, p.Name, p.Arguments))
            ?? turn.Calls.Select(c => Call(c.CallId, c.Name, c.Arguments));
        return new RecordedTurn
        {
            LatencySeconds = Seconds(answered - model.Attempts[0].StartNanos),
            Text =
                parts is null ? null
                : string.Concat(parts.OfType<TextPart>().Select(p => p.Content)) is { Length: > 0 } text ? text
                : null,
            FinishReason = model.FinishReason is "stop" or "tool_calls" ? null : model.FinishReason,
            Calls = [.. asked.Select((c, i) => c.CallId.Length > 0 ? c : c with { CallId = $"call_{turn.Model!.Span.SpanId}_{i + 1}" })],
            Error = model.Error is { } error
                ? StackErrors.Of(model.Span, error) with
                {
                    RetryAfterSeconds = ModelRefusals.HeaderSeconds(trace, model),
                    FittingCharacters = ContextLimit.FittingCharacters(error.Message, model.Input),
                }
                : null,
            Retries = model.Error is null && model.Attempts.Count > 1 ? RetriesOf(model) : null,
            Broken = WireAttributes.Broken(model.Span),
            StreamSeconds = WireAttributes.StreamSeconds(model.Span),
            Usage = model is { InputTokens: { } input, OutputTokens: { } output } ? new(input, output) : null,
        };
    }

    private static RecordedRetries? RetriesOf(ModelCall model)
    {
        RecordedRefusal[] refused =
        [
            .. model
                .Attempts.SkipLast(1)
                .Select(s => (Span: s, Error: Errors.Of(s)))
                .Where(a => a.Error is not null)
                .Select(a => new RecordedRefusal(Seconds(a.Span.EndNanos - a.Span.StartNanos), StackErrors.Of(a.Span, a.Error!))),
        ];
        var last = model.Attempts[^1];
        return refused.Length == 0 ? null : new(refused, Seconds(last.EndNanos - last.StartNanos));
    }

    private static RequestedCall Call(string? id, string tool, string? arguments) => new(id ?? "", tool, Arguments(arguments));

    private static IEnumerable<Behaviour> BehavioursOf(AgentRun run, int attempt, HealthyCall[] healthy)
    {
        var view = new RunView(run);
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in run.ToolCalls)
        {
            var occurrence = occurrences[call.Name] = occurrences.GetValueOrDefault(call.Name) + 1;
            // A victim did not fail: the agent cancelled it. What it would have answered, a healthy call tells.
            var instead = view.IsVictim(call)
                ? Array.Find(healthy, h => FixtureIndex.Key(h.Tool, h.Arguments) == (call.Name, Json.Canonical(call.Arguments)))
                : null;
            yield return new Behaviour
            {
                Id = $"{call.Name}#{occurrence}",
                Attempt = attempt,
                Tool = call.Name,
                Arguments = Arguments(call.Arguments),
                LatencySeconds = instead?.LatencySeconds ?? Seconds(call.Span.EndNanos - call.Span.StartNanos),
                Result = instead?.Result ?? (call.Error is null ? Result(call.Result ?? "") : null),
                Error = instead is null && call.Error is { } error ? StackErrors.Of(call.Span, error, view.ClassOf(call)) : null,
                HonoursCancellation = true,
            };
        }
    }

    private static HealthyCall[] HealthyCalls(IReadOnlyList<Trace> healthy, AgentRun[] runs)
    {
        // What failed, and what gave something else: ids and times differ from run to run.
        var captured = runs.SelectMany(r => r.ToolCalls)
            .Where(c => c.Error is not null || c.Result is not null)
            .ToLookup(c => (c.Name, Json.Canonical(c.Arguments)));
        return
        [
            .. healthy
                .SelectMany(AgentRuns.Read)
                .SelectMany(r => r.ToolCalls.Select(c => (Call: c, r.Trace.TraceId)))
                .Where(c =>
                    c.Call is { Error: null, Result: not null }
                    && captured[(c.Call.Name, Json.Canonical(c.Call.Arguments))].Any(was => was.Error is not null || Differ(was, c.Call))
                )
                .DistinctBy(c => (c.Call.Name, Json.Canonical(c.Call.Arguments)))
                .Select(c => new HealthyCall(
                    c.Call.Name,
                    Arguments(c.Call.Arguments),
                    Seconds(c.Call.Span.EndNanos - c.Call.Span.StartNanos),
                    Result(c.Call.Result!),
                    c.TraceId
                )),
        ];
    }

    private static bool Differ(ToolCall was, ToolCall now) =>
        VolatileParts.Mask(Json.Canonical(was.Result)) != VolatileParts.Mask(Json.Canonical(now.Result));

    private static JsonElement Arguments(string? json) =>
        JsonElement.Parse(json is not null && Json.TryParse(json) is IReadOnlyDictionary<string, object?> map ? Json.Write(map) : "{}");

    // An object or a list is kept as it is; anything else is text.
    private static JsonElement Result(string text) =>
        Json.TryParse(text) is { } value and not (string or long or double or bool)
            ? JsonElement.Parse(Json.Write(value))
            : JsonElement.Parse(Json.Write(text));

    // To a nanosecond: what the trace says, without the noise of binary fractions.
    private static double Seconds(long nanos) => Math.Round(nanos / 1e9, 9);
}
