using System.Text.Json;

namespace ReplayHarness.Fixtures;

/// <summary>A file of authored http responses: what a healthy backend answers, and where that knowledge comes from.</summary>
/// <param name="Provenance">Where method, path and form of the responses come from; bodies are taken from captured results.</param>
/// <param name="Responses">The responses.</param>
public sealed record HttpResponseFile(string Provenance, IReadOnlyList<HttpResponseRecord> Responses);

/// <summary>One authored response.</summary>
public sealed record HttpResponseRecord
{
    /// <summary>The request's method.</summary>
    public required string Method { get; init; }

    /// <summary>The request's absolute URL.</summary>
    public required string Url { get; init; }

    /// <summary>The request's body, compared in canonical form; null matches any.</summary>
    public JsonElement? RequestBody { get; init; }

    /// <summary>The status code.</summary>
    public required int Status { get; init; }

    /// <summary>Time until the response is complete.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The body: JSON, or text as a JSON string.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>Or: the body is the captured (else healthy) result of this call.</summary>
    public CallReference? BodyFromResult { get; init; }
}

/// <summary>Names a captured call.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">The arguments.</param>
public sealed record CallReference(string Tool, JsonElement Arguments);
