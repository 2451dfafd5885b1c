using System.Text.Json;
using Microsoft.Extensions.AI;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Wire;

/// <summary>A request to a model, whatever provider's format it came in.</summary>
/// <param name="Model">The model it names, or empty.</param>
/// <param name="Messages">The conversation; one assistant message for each answer of the model.</param>
/// <param name="Streams">Whether the answer is to come as a stream.</param>
/// <param name="Tools">The tools that it offers.</param>
/// <param name="Continues">The id of the answer that it continues without repeating the conversation, or null.</param>
/// <param name="WantsUsage">Whether a stream is to end with the tokens it took, where a provider asks.</param>
/// <param name="Schema">The schema of the JSON that the answer is to be, one that is empty for any JSON; null where it is text.</param>
internal sealed record WireRequest(
    string Model,
    IReadOnlyList<ChatMessage> Messages,
    bool Streams,
    IReadOnlyList<RecordedTool> Tools,
    string? Continues = null,
    bool WantsUsage = false,
    JsonElement? Schema = null
)
{
    /// <summary>Whether a stream is to be one JSON array, where a provider knows several forms.</summary>
    public bool AsArray { get; init; }
}

/// <summary>An answer as a provider sends it.</summary>
/// <param name="Id">The id of the answer.</param>
/// <param name="Model">The model, as the request named it.</param>
/// <param name="Turn">What the model says.</param>
/// <param name="Request">What it was asked.</param>
internal sealed record WireAnswer(string Id, string Model, RecordedTurn Turn, WireRequest Request)
{
    /// <summary><c>length</c> and the like where the recording says so, else what the turn is.</summary>
    public string FinishReason => Turn.FinishReason ?? (Turn.Calls.Count > 0 ? "tool_calls" : "stop");

    /// <summary>The same turn with the recorded names of tools.</summary>
    public RecordedTurn Recorded { get; init; } = Turn;

    public long InputTokens => Turn.Usage?.InputTokens ?? 0;

    public long OutputTokens => Turn.Usage?.OutputTokens ?? 0;
}

/// <summary>What a provider's answer says.</summary>
/// <param name="Id">Its id, which a later request may continue; or null.</param>
/// <param name="Text">Its text, or null.</param>
/// <param name="Calls">The calls it asks for.</param>
/// <param name="FinishReason">Why it ended, as the provider says it; or null.</param>
/// <param name="Usage">The tokens it took, or null.</param>
internal sealed record WireSaid(string? Id, string? Text, IReadOnlyList<RequestedCall> Calls, string? FinishReason, RecordedUsage? Usage);

/// <summary>Where the SDKs of a provider look for their model.</summary>
/// <param name="Variable">The variable that they take the address from.</param>
/// <param name="Suffix">What the address ends in there, for example <c>/v1</c>; or empty.</param>
/// <param name="Real">The provider's own address, which may follow from other variables: it is given what reads one.</param>
/// <param name="WithMock">
/// What else an agent finds in its environment where a mock answers: keys that are none, and null for what must not be set.
/// </param>
internal sealed record WireAddress(
    string Variable,
    string Suffix,
    Func<Func<string, string?>, string> Real,
    params (string Name, string? Value)[] WithMock
)
{
    /// <summary>A key that is none.</summary>
    public const string NoKey = "replay-harness-no-key";
}

/// <summary>A request that its provider would refuse.</summary>
internal sealed class WireException(string message) : Exception(message);
