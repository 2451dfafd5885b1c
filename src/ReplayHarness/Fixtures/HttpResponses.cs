using System.Text.Json;

namespace ReplayHarness.Fixtures;

/// <summary>A file of authored http responses: what a healthy backend answers, and where that knowledge comes from.</summary>
/// <param name="Provenance">Where method, path and form of the responses come from; bodies are taken from captured results.</param>
/// <param name="Responses">The responses.</param>
internal sealed record HttpResponseFile(string Provenance, IReadOnlyList<HttpResponseRecord> Responses);

/// <summary>One authored response.</summary>
internal sealed record HttpResponseRecord
{
    /// <summary>The request's method.</summary>
    public required string Method { get; init; }

    /// <summary>The request's absolute URL.</summary>
    public required string Url { get; init; }

    /// <summary>The request's body, compared in canonical form; null matches any.</summary>
    public JsonElement? RequestBody { get; init; }

    /// <summary>The status code.</summary>
    public required int Status { get; init; }

    /// <summary>Time until the response comes, or begins to where it comes in pieces.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The body: JSON, or text as a JSON string.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>Or: the body is the captured (else healthy) result of this call.</summary>
    public CallReference? BodyFromResult { get; init; }

    /// <summary>Headers beside the media type; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The pieces that the body comes in; null for all at once.</summary>
    public HttpDribble? Dribble { get; init; }

    /// <summary>What comes instead of the response; null where that comes.</summary>
    public HttpFault? Fault { get; init; }

    /// <summary>When it answers, where that depends on what was answered before; null for always.</summary>
    public HttpScenario? Scenario { get; init; }
}

/// <summary>A body that comes in pieces.</summary>
/// <param name="Pieces">How many; at least 1.</param>
/// <param name="Seconds">From the beginning of the response to its end.</param>
internal sealed record HttpDribble(int Pieces, double Seconds);

/// <summary>What goes wrong with a response.</summary>
internal enum HttpFault
{
    /// <summary>It never comes; the connection stays.</summary>
    NoAnswer,

    /// <summary>The connection is reset.</summary>
    ConnectionReset,

    /// <summary>The connection is closed without a byte.</summary>
    EmptyResponse,

    /// <summary>The status comes, then what is no part of a response; then the connection is closed.</summary>
    MalformedResponse,
}

/// <summary>A state machine over requests, after WireMock's stateful behaviour.</summary>
/// <param name="Name">Its name: responses that share it share its state.</param>
/// <param name="Requires">The state in which this response answers; null for any.</param>
/// <param name="Becomes">The state after it; null for the same.</param>
internal sealed record HttpScenario(string Name, string? Requires = null, string? Becomes = null)
{
    /// <summary>The state that every scenario begins in.</summary>
    public const string Started = "Started";
}

/// <summary>Names a captured call.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">The arguments.</param>
internal sealed record CallReference(string Tool, JsonElement Arguments);
