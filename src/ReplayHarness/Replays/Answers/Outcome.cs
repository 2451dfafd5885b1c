using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Answers;

/// <summary>What an agent gets for what it asked, as data: a carrier makes a value, an exception or a response of it.</summary>
internal abstract record Outcome
{
    /// <summary>What the record of the call says was returned: a tool's result, a response's status; null for nothing.</summary>
    public string? Result { get; init; }

    /// <summary>
    /// What the record says went wrong, whatever the agent gets to see of it; null where nothing did, or where the agent gets an exception
    /// that says it.
    /// </summary>
    public CallError? Error { get; init; }

    /// <summary>What the record says that the model answered.</summary>
    public ChatResponse? Output { get; init; }
}

/// <summary>An answer of the model.</summary>
internal sealed record Spoken(ChatResponse Response) : Outcome;

/// <summary>A tool's result; null for none.</summary>
internal sealed record Returned(JsonElement? Value) : Outcome;

/// <summary>An error.</summary>
internal sealed record Failed(RecordedError Recorded) : Outcome;

/// <summary>An HTTP response.</summary>
/// <param name="Status">Its status.</param>
/// <param name="ContentType">Its content type; null for none.</param>
/// <param name="Body">Its body.</param>
internal sealed record Sent(int Status, string? ContentType, byte[] Body) : Outcome
{
    public const string Json = "application/json; charset=utf-8",
        Plain = "text/plain; charset=utf-8";

    /// <summary>The pieces that the body comes in; null for all at once.</summary>
    public Pace? Pace { get; init; }

    /// <summary>The seconds that the client is told to wait before it tries again, or null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Its other headers, or null.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}

/// <summary>A connection that gives no response.</summary>
/// <param name="Fault">How.</param>
/// <param name="Message">What a client says of it; null for the usual words.</param>
internal sealed record Broken(HttpFault Fault, string? Message = null) : Outcome;
