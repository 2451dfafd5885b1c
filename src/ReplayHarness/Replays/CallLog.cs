using Microsoft.Extensions.AI;
using ReplayHarness.Replays.Answers;
using ReplayHarness.Replays.Boundaries;
using ReplayHarness.Replays.States;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays;

/// <summary>
/// What the log of a replay holds beside its steps: with what every call was made, what came of it, what the model was told, and how
/// the run ended. Two replays in which any of these differs have different hashes.
/// </summary>
internal static class CallLog
{
    /// <summary>The hash of a log with calls in their order.</summary>
    public static ulong InOrder(ulong log, IEnumerable<BoundaryCall> calls, CallError? failure) =>
        Ended(calls.Aggregate(log, (hash, call) => KernelLog.Mix(hash, WordOf(call))), failure);

    /// <summary>The hash of a log with calls whose order is nobody's choice.</summary>
    public static ulong Unordered(ulong log, IEnumerable<BoundaryCall> calls, CallError? failure) =>
        Ended(KernelLog.Mix(log, calls.Aggregate(0UL, (sum, call) => sum + WordOf(call))), failure);

    /// <summary>One word for the messages of a request to the model, as they are now: an agent may change them later.</summary>
    public static ulong WordOf(IEnumerable<ChatMessage> messages)
    {
        var hash = StateHash.Start();
        foreach (var message in messages)
        {
            hash.Add(message.Role.Value);
            foreach (var content in message.Contents)
                Add(ref hash, content);
        }
        return hash.Word();
    }

    /// <summary>One word for a request.</summary>
    public static ulong WordOf(string url, ReadOnlySpan<byte> body)
    {
        var hash = StateHash.Start();
        hash.Add(url);
        hash.Add(body);
        return hash.Word();
    }

    private static ulong WordOf(BoundaryCall call)
    {
        var hash = StateHash.Start();
        hash.Add(call.Digest);
        hash.Add(call.Request);
        return hash.Word();
    }

    private static ulong Ended(ulong log, CallError? failure) =>
        KernelLog.Mix(KernelLog.Mix(log, StateHash.WordOf(failure?.Type)), StateHash.WordOf(failure?.Message));

    private static void Add(ref StateHash hash, AIContent content)
    {
        hash.Add(content.GetType().Name);
        switch (content)
        {
            case TextContent text:
                hash.Add(text.Text);
                break;
            case TextReasoningContent reasoning:
                hash.Add(reasoning.Text);
                break;
            case FunctionCallContent call:
                hash.Add(call.CallId);
                hash.Add(call.Name);
                foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
                {
                    hash.Add(name);
                    hash.Add(ToolBoundary.ToText(value));
                }
                break;
            case FunctionResultContent result:
                hash.Add(result.CallId);
                hash.Add(ToolBoundary.ToText(result.Result));
                hash.Add(result.Exception?.Message);
                break;
            case DataContent data:
                hash.Add(data.MediaType);
                hash.Add(data.Data.Span);
                break;
            case UriContent uri:
                hash.Add(uri.Uri.OriginalString);
                break;
            default:
                break;
        }
    }
}
