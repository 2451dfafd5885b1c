using ReplayHarness.Shapes;
using ReplayHarness.Shapes.Rules;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>Why an API of a model refused a request, as far as a client can do something about it.</summary>
internal enum RefusalKind
{
    /// <summary>For another reason, or it was no refusal: it is served as captured.</summary>
    Other,

    /// <summary>For the messages that the request holds.</summary>
    History,

    /// <summary>It was down: it answers who asks again after a pause.</summary>
    Outage,

    /// <summary>For the length of its messages.</summary>
    Context,

    /// <summary>For its time: it is answered once the client has waited.</summary>
    Wait,
}

/// <summary>Refusals of a model's API, which a provider that checks requests gives only while they are deserved.</summary>
internal static class ModelRefusals
{
    /// <summary>How long a client must wait where the refusal does not say.</summary>
    public static TimeSpan UsualWait { get; } = TimeSpan.FromSeconds(1);

    /// <summary>What a recorded error of the model is.</summary>
    public static RefusalKind KindOf(RecordedError error) => KindOf(error.Class, error.Message, WaitOf(error) is not null);

    /// <summary>The wait that a recorded refusal asks for, or null.</summary>
    public static TimeSpan? WaitOf(RecordedError error) =>
        error.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : RetryHint.Of(error.Message);

    /// <summary>
    /// Whether a provider that checks requests would have refused what the runs' provider refused, and answered what it answered. Then
    /// the refusals are the agent's own doing, and a replay can judge them.
    /// </summary>
    public static bool AreDeserved(IReadOnlyCollection<AgentRun> runs)
    {
        var any = false;
        foreach (var (trace, call) in runs.SelectMany(r => r.ModelCalls.Select(c => (r.Trace, c))))
        {
            // Whose API takes what others refuse is none whose rules are known.
            if (call.Error is null)
            {
                if (call.Input is not null && RequestHistory.Unpaired(call.Input, adjacent: false) is not null)
                    return false;
                continue;
            }
            var kind = KindOf(ModelError.ClassOf(call), call.Error.Message, (HintOf(call) ?? HeaderSeconds(trace, call)) is not null);
            if (kind == RefusalKind.Context && !IsTooLong(call, runs))
                return false;
            if (kind == RefusalKind.History && (call.Input is null || RequestHistory.Unpaired(call.Input, adjacent: true) is null))
                return false;
            any |= kind != RefusalKind.Other;
        }
        return any;
    }

    // Whose API takes longer requests than the one it refused counts otherwise than by length.
    private static bool IsTooLong(ModelCall refused, IEnumerable<AgentRun> runs) =>
        ContextLimit.FittingCharacters(refused.Error!.Message, refused.Input) is { } most
        && runs.SelectMany(r => r.ModelCalls).All(c => c is not { Error: null, Input: { } taken } || ContextLimit.Length(taken) <= most);

    /// <summary>The wait that a refused call's headers ask for, on its span or on those of its requests; null where none does.</summary>
    public static double? HeaderSeconds(Trace trace, ModelCall call) =>
        call.Attempts.Concat(trace.DescendantsOf(call.Span)).Select(RetryHint.OfHeader).LastOrDefault(w => w is not null)?.TotalSeconds;

    private static double? HintOf(ModelCall call) => call.Attempts.Select(RetryHint.Of).LastOrDefault(w => w is not null)?.TotalSeconds;

    private static RefusalKind KindOf(string errorClass, string message, bool saysWhen) =>
        errorClass switch
        {
            _ when ContextLimit.IsIn(message) => RefusalKind.Context,
            "rate-limit" => RefusalKind.Wait,
            "http-5xx" => saysWhen ? RefusalKind.Wait : RefusalKind.Outage,
            "connection" or ErrorClass.Timeout => RefusalKind.Outage,
            "http-4xx" or ErrorClass.InvalidArguments => RefusalKind.History,
            _ => OrphanToolResult.SpeaksOfCalls(message) ? RefusalKind.History : RefusalKind.Other,
        };
}
