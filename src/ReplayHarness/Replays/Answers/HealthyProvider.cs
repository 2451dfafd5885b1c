using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.States;
using ReplayHarness.Shapes;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// A model's API that refuses only what deserves it: messages that no API takes, requests that are as long as one that was too long, and
/// requests that come before the wait is over that a refusal asked for. The first recorded refusal of that kind nobody earns; the client
/// must only wait.
/// </summary>
/// <param name="fixture">The fixture.</param>
/// <param name="now">The time, in ticks of the schedule.</param>
/// <param name="clientScale">How much of the client's own time passes in a second of the schedule's.</param>
internal sealed class HealthyProvider(Fixture fixture, Func<long> now, double clientScale)
{
    // As the recording calls what an API says that refuses a request for what it holds.
    private const string BadRequest = "BadRequestError";

    private readonly WireFormat _format = FormatOf(fixture);
    private readonly RecordedTurn? _tooLong = fixture
        .Attempts.SelectMany(a => a.Turns)
        .Where(t => t.Error?.FittingCharacters is not null)
        .MaxBy(t => t.Error!.FittingCharacters);

    private BoundaryCall? _refused;
    private RecordedTurn? _refusal;
    private RecordedTurn? _last;
    private int _waitedAfter = -1;

    /// <summary>Whether a request without any answer asks once more what was refused, rather than starts anew.</summary>
    public bool IsAskedAgain(int served) => _last is not null && served == 0;

    /// <summary>An attempt begins.</summary>
    public void Restart() => _waitedAfter = -1;

    /// <summary>The refusal that a request deserves whatever the recording holds next; null where it deserves none.</summary>
    /// <param name="messages">The request.</param>
    /// <param name="format">The API it came in; null for a client that stands above it.</param>
    /// <param name="ahead">What the recording holds next.</param>
    public RecordedTurn? Refuse(IReadOnlyList<ChatMessage> messages, WireFormat? format, IEnumerable<RecordedTurn> ahead)
    {
        if (ProviderChecks.Refusal(format ?? _format, messages, onWire: format is not null) is { } words)
            return _last =
                ahead.TakeWhile(t => t.Error is not null).FirstOrDefault(IsOf(RefusalKind.History))
                ?? NotCaptured(format is null ? $"HTTP 400 (invalid_request_error): {words}" : words);
        if (_tooLong is { Error.FittingCharacters: { } most } && messages.Sum(LengthOf) > most)
            return _last = ahead.TakeWhile(t => t.Error is not null).FirstOrDefault(IsOf(RefusalKind.Context)) ?? _tooLong;
        return HasWaited() ? null : _last = _refusal;
    }

    /// <summary>
    /// What the recording holds next for a request that deserves no refusal: past refusals that it does not deserve. Null where it ends.
    /// </summary>
    /// <param name="ahead">The recorded turns from here on.</param>
    /// <param name="served">How many answers were given.</param>
    /// <param name="onWire">Whether the client's own attempts come here: nobody knows how many of them an outage outlasts.</param>
    public RecordedTurn? Next(IEnumerable<RecordedTurn> ahead, int served, bool onWire)
    {
        foreach (var turn in ahead)
        {
            var kind = turn.Error is { } error ? ModelRefusals.KindOf(error) : RefusalKind.Other;
            if (kind == RefusalKind.Other || (onWire && kind == RefusalKind.Outage))
            {
                _last = null;
                return turn;
            }
            if (kind is RefusalKind.Wait or RefusalKind.Outage && _waitedAfter != served)
            {
                (_waitedAfter, _refused) = (served, null);
                return _last = _refusal = turn;
            }
        }
        _last = null;
        return null;
    }

    /// <summary>The request that was judged last has become a call.</summary>
    public void Note(BoundaryCall call)
    {
        if (_last?.Error is not { } error)
            return;
        call.IsDeserved = ModelRefusals.KindOf(error) != RefusalKind.Outage;
        if (_last != _refusal)
        {
            call.IsAvoidable = true;
            return;
        }
        call.IsAvoidable = _refused is not null && ModelRefusals.WaitOf(error) is not null;
        _refused ??= call;
        call.More = [.. call.More, new(RetryHint.Attribute, ModelRefusals.WaitOf(error)?.TotalSeconds)];
    }

    public void AddTo(IStateWords walk)
    {
        walk.Add(_last?.Error?.Message);
        walk.Add(_waitedAfter);
        // Until when it refuses; -2 while the refusal is under way.
        walk.Add(
            HasWaited() ? -1
            : _refused!.Ended ? _refused.EndTicks
            : -2
        );
    }

    // From when the client had the refusal.
    private bool HasWaited() =>
        _refused is null
        || (
            _refused.Ended
            && (now() - _refused.EndTicks) * clientScale >= (ModelRefusals.WaitOf(_refusal!.Error!) ?? ModelRefusals.UsualWait).Ticks
        );

    // As ContextLimit.Length counts what was captured.
    private static long LengthOf(ChatMessage message) =>
        message.Role == ChatRole.System
            ? 0
            : message.Contents.Sum(content =>
                content switch
                {
                    TextContent text => text.Text.Length,
                    FunctionCallContent call => ToolBoundary.ToText(call.Arguments)?.Length ?? 0,
                    FunctionResultContent result => ToolBoundary.ToText(result.Result)?.Length ?? 0,
                    _ => 0L,
                }
            );

    private RecordedTurn NotCaptured(string words)
    {
        var known = fixture.Attempts.SelectMany(a => a.Turns).FirstOrDefault(IsOf(RefusalKind.History));
        return new()
        {
            LatencySeconds = known?.LatencySeconds ?? 0,
            Calls = [],
            Error = new(BadRequest, "http-4xx", known?.Error!.Exception ?? ErrorTypes.OfClass("http-4xx"), words) { Inner = [] },
        };
    }

    private static Func<RecordedTurn, bool> IsOf(RefusalKind kind) =>
        turn => turn.Error is { } error && ModelRefusals.KindOf(error) == kind;

    // A client above the API does not say which it is; what the API said when captured may.
    private static WireFormat FormatOf(Fixture fixture) =>
        fixture
            .Attempts.SelectMany(a => a.Turns)
            .Select(t => WireFormats.All.FirstOrDefault(f => t.Error is { } error && f.IsInItsWords(error.Message)))
            .FirstOrDefault(f => f is not null)
        ?? WireFormats.All[0];
}
