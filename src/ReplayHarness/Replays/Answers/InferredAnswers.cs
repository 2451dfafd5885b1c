using System.Text;
using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Replays.Answers;

/// <summary>
/// What is tried while a call runs alone: most tools hand on what their backend says, so a request to which nothing is authored is answered
/// with the call's own result. Whether that is right, the tool's code shows: it must return what was captured.
/// </summary>
internal static class InferredAnswers
{
    /// <summary>The answer to a request; null where nothing is tried.</summary>
    public static Answer? Of(ReplayContext context, HttpAsked asked)
    {
        if (asked.IsToMock || context.Inference?.Invoke() is not { } inference)
            return null;
        var response = inference.Of(asked.Method, asked.Url, Encoding.UTF8.GetString(asked.Body));
        return new(
            context.CallOf(BoundaryKind.Http, $"{asked.Method} {asked.Url}", request: CallLog.WordOf(asked.Url, asked.Body)),
            TimeSpan.FromSeconds(response.LatencySeconds),
            AuthoredAnswers.OutcomeOf(new(response, inference.Body))
        );
    }
}

/// <summary>The responses that are tried for one call.</summary>
/// <param name="call">The call.</param>
/// <param name="result">What it returned, or returns when nothing is wrong.</param>
/// <param name="seconds">How long it took.</param>
internal sealed class HttpInference(CallReference call, JsonElement result, double seconds)
{
    private const int Ok = 200;

    private readonly List<HttpResponseRecord> _tried = [];

    public string Body { get; } = FixtureIndex.TextOf(result);

    /// <summary>What was tried, the call's time divided among them.</summary>
    public IEnumerable<HttpResponseRecord> Tried =>
        _tried
            .DistinctBy(r => (r.Method, r.Url, r.RequestBody?.GetRawText()))
            .Select(r => r with { LatencySeconds = Math.Round(seconds / _tried.Count, 9) });

    /// <summary>The response to a request.</summary>
    public HttpResponseRecord Of(string method, string url, string body)
    {
        var response = new HttpResponseRecord
        {
            Method = method,
            Url = url,
            RequestBody = body.Length == 0 ? null : JsonElement.Parse(Json.Write(body)),
            Status = Ok,
            LatencySeconds = seconds,
            ContentType = result.ValueKind == JsonValueKind.String ? "text/plain" : "application/json",
            BodyFromResult = call,
        };
        _tried.Add(response);
        return response;
    }
}
