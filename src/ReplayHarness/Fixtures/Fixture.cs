using System.Text.Json;
using System.Text.Json.Serialization;
using ReplayHarness.Fixtures.Hypotheses;
using ReplayHarness.Shapes;

namespace ReplayHarness.Fixtures;

/// <summary>
/// What was captured of an incident, and what a replay mocks: pure data, one <c>fixture.json</c> in a folder with the trace it came from.
/// Latencies are seconds of virtual time.
/// </summary>
internal sealed record Fixture
{
    /// <summary>The version of the file format that this harness reads and writes.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The JSON Schema beside the file.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The version of the file format.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The incident's name, in kebab-case; its folder's name.</summary>
    public required string Incident { get; init; }

    /// <summary>When the first attempt began (ISO 8601, UTC): the epoch of virtual time.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>Where it came from.</summary>
    public required FixtureSource Source { get; init; }

    /// <summary>What the agent was given.</summary>
    public required FixtureInput Input { get; init; }

    /// <summary>The attempts in order of time, with the model's turns.</summary>
    public required IReadOnlyList<RecordedAttempt> Attempts { get; init; }

    /// <summary>What each captured tool call did, in order of time.</summary>
    public required IReadOnlyList<Behaviour> Behaviours { get; init; }

    /// <summary>The captured failure shape.</summary>
    public required RecordedShape Shape { get; init; }

    /// <summary>What a replay may mock, and what it can then judge.</summary>
    public required IReadOnlyList<Hypothesis> Hypotheses { get; init; }

    /// <summary>What was replaced at capture, without the values.</summary>
    public required IReadOnlyList<Redaction> Redactions { get; init; }

    /// <summary>Tools that the agent has renamed since: new name to captured name.</summary>
    public required IReadOnlyDictionary<string, string> Aliases { get; init; }

    /// <summary>The tools that the model was offered, or null where that was not recorded.</summary>
    public IReadOnlyList<RecordedTool>? Tools { get; init; }

    /// <summary>
    /// Whether a call of a tool changes something each time it is made, by name; null, or left out, where that is not known.
    /// </summary>
    public IReadOnlyDictionary<string, bool>? Effects { get; init; }

    /// <summary>
    /// The HTTP methods of the requests that calls of a tool made, by name; null, or left out, where none were recorded, or where they do
    /// not say whether a call changes something.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Methods { get; init; }

    /// <summary>What the agent does on purpose to results of a tool before it tells its model of them, by name; null for nothing.</summary>
    public IReadOnlyDictionary<string, ToldAs>? Told { get; init; }

    /// <summary>Rules whose findings are judged here although they are observations elsewhere; null for none.</summary>
    public IReadOnlyList<string>? Promoted { get; init; }

    /// <summary>What the agent's code shares in an order that no replay sees, by a race's name for it, and why; null for nothing.</summary>
    public IReadOnlyDictionary<string, string>? Ordered { get; init; }

    /// <summary>
    /// Types of packages or of .NET that are not safe for two pieces of code at once, by full name, with the members that only look into
    /// an object: beside those that are known; null for none.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Unsafe { get; init; }
}

/// <summary>What becomes of a result on its way to the model.</summary>
internal enum ToldAs
{
    /// <summary>It is cut or summed up: the model is told less than the call gave.</summary>
    Shortened,

    /// <summary>It is told in words of the agent's own, a failure too: nothing tells them from others.</summary>
    Reworded,
}

/// <summary>A tool that the model was offered.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">The JSON Schema of its arguments.</param>
/// <param name="Description">What the model was told of it, or null.</param>
internal sealed record RecordedTool(string Name, JsonElement Schema, string? Description = null);

/// <summary>What the agent was given.</summary>
/// <param name="User">The user's text: the question that the run began with.</param>
/// <param name="Attributes">Domain attributes that all attempts share (task id, workflow, …).</param>
/// <param name="System">The system instructions, or null.</param>
internal sealed record FixtureInput(string User, IReadOnlyDictionary<string, string> Attributes, string? System = null)
{
    /// <summary>What had been said before that question, oldest first; null for nothing.</summary>
    public IReadOnlyList<RecordedMessage>? History { get; init; }

    /// <summary>All questions of the run, in order, where it had several; null where <see cref="User"/> is the only one.</summary>
    public IReadOnlyList<string>? Questions { get; init; }
}

/// <summary>One attempt.</summary>
/// <param name="TraceId">Its trace.</param>
/// <param name="Turns">What the model answered, in order.</param>
/// <param name="BackoffSeconds">How long the task waited after it, or null.</param>
internal sealed record RecordedAttempt(string TraceId, IReadOnlyList<RecordedTurn> Turns, double? BackoffSeconds = null);

/// <summary>One answer of the model.</summary>
internal sealed record RecordedTurn
{
    /// <summary>Time until the model answered.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>The agent that asked, or null where nobody said.</summary>
    public string? Agent { get; init; }

    /// <summary>
    /// The number of the turn in this attempt, from 1, whose answer the request goes on from; null where it begins a conversation.
    /// </summary>
    public int? Follows { get; init; }

    /// <summary>
    /// What the request held beyond that answer and what led to it: all of it where it begins a conversation; null where that was not
    /// recorded.
    /// </summary>
    public IReadOnlyList<RecordedMessage>? Adds { get; init; }

    /// <summary>The text of the answer, or null.</summary>
    public string? Text { get; init; }

    /// <summary>Why the answer ended, where it is neither <c>stop</c> nor <c>tool_calls</c>: for example <c>length</c>; or null.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The calls it asked for.</summary>
    public required IReadOnlyList<RequestedCall> Calls { get; init; }

    /// <summary>The error it ended with instead, or null.</summary>
    public RecordedError? Error { get; init; }

    /// <summary>The tokens it took, or null where that was not recorded.</summary>
    public RecordedUsage? Usage { get; init; }

    /// <summary>
    /// What the client's own attempts met before it was answered, or null where the first was. Only a replay over HTTP shows it; an
    /// <c>IChatClient</c> stands above such retries.
    /// </summary>
    public RecordedRetries? Retries { get; init; }

    /// <summary>
    /// How it broke off over HTTP, having said no more than it says here; with <see cref="Error"/>, which an <c>IChatClient</c> ends
    /// with. Null for an answer that is whole.
    /// </summary>
    public BrokenAnswer? Broken { get; init; }

    /// <summary>
    /// When each piece of its stream came, in seconds from the request, ascending; null where that was not recorded: then they come
    /// evenly.
    /// </summary>
    public IReadOnlyList<double>? StreamSeconds { get; init; }
}

/// <summary>How an answer broke off.</summary>
internal enum BrokenAnswer
{
    /// <summary>The connection broke in the middle of a piece.</summary>
    Cut,

    /// <summary>Nothing more came, and the connection stayed.</summary>
    Stall,

    /// <summary>It ended in the middle of a piece, as if it were whole.</summary>
    Malformed,
}

/// <summary>The attempts that a client needed for one answer.</summary>
/// <param name="Refused">Those that failed, in order.</param>
/// <param name="LatencySeconds">How long the last took, which was answered.</param>
internal sealed record RecordedRetries(IReadOnlyList<RecordedRefusal> Refused, double LatencySeconds);

/// <summary>An attempt that failed.</summary>
/// <param name="LatencySeconds">How long it took.</param>
/// <param name="Error">What it ended with.</param>
internal sealed record RecordedRefusal(double LatencySeconds, RecordedError Error);

/// <summary>Tokens of one answer.</summary>
/// <param name="InputTokens">Of the request.</param>
/// <param name="OutputTokens">Of the answer.</param>
internal sealed record RecordedUsage(long InputTokens, long OutputTokens);

/// <summary>A tool call the model asked for.</summary>
/// <param name="CallId">The call's id as captured.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">The arguments, a JSON object.</param>
internal sealed record RequestedCall(string CallId, string Tool, JsonElement Arguments);

/// <summary>What a captured tool call did.</summary>
internal sealed record Behaviour
{
    /// <summary>Tool and occurrence within the attempt, for example <c>read_drive_markdown#2</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The attempt it was captured in, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The tool.</summary>
    public required string Tool { get; init; }

    /// <summary>The arguments, a JSON object.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>Time until it ended.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>What it returned: any JSON value; text is a JSON string. Null (absent) for an error.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>The error it ended with, or null.</summary>
    public RecordedError? Error { get; init; }

    /// <summary>Whether it ends at once when its cancellation token fires.</summary>
    public required bool HonoursCancellation { get; init; }
}

/// <summary>An error as captured, and the CLR exception it becomes in a replay.</summary>
/// <param name="Type">The type as recorded.</param>
/// <param name="Class">Its <see cref="Shapes.ErrorClass"/>.</param>
/// <param name="Exception">The full name of the CLR exception.</param>
/// <param name="Message">Its message.</param>
internal sealed record RecordedError(string Type, string Class, string Exception, string Message)
{
    /// <summary>The error as a trace tells it, with the class that the fixture gives it.</summary>
    public Traces.CallError AsCallError() => new(Type, Message) { Class = Class };

    /// <summary>
    /// The seconds that a refusal's header asked the client to wait, or null. What its message says of that stands there only.
    /// </summary>
    public double? RetryAfterSeconds { get; init; }

    /// <summary>
    /// The most characters of messages that the model takes, reckoned from the request that it refused as too long; null for any other
    /// refusal.
    /// </summary>
    public long? FittingCharacters { get; init; }

    /// <summary>The code recorded beside it: a status of HTTP, <c>grpc 14</c>, <c>sql 57P01</c>, <c>native 111</c>; or null.</summary>
    public string? Code { get; init; }

    /// <summary>The exceptions within it, by its stack trace; none where that tells of none, null where none was recorded.</summary>
    public IReadOnlyList<RecordedError>? Inner { get; init; }

    /// <summary>What its exception's members hold, by their names, as somebody wrote it into the fixture; or null.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Members { get; init; }
}

/// <summary>The captured failure shape.</summary>
/// <param name="Fingerprint">See <see cref="FailureShape.Fingerprint"/>.</param>
/// <param name="Identity">See <see cref="FailureShape.Identity"/>.</param>
/// <param name="Outline">See <see cref="FailureShape.Outline"/>.</param>
/// <param name="Deterministic">Whether every attempt failed with this shape.</param>
internal sealed record RecordedShape(
    string Fingerprint,
    IReadOnlyList<FindingIdentity> Identity,
    IReadOnlyList<string> Outline,
    bool Deterministic
);

/// <summary>A call that failed in the incident, as it goes when nothing is wrong.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="LatencySeconds">Time until it answers.</param>
/// <param name="Result">What it returns; text is a JSON string.</param>
/// <param name="TraceId">The trace that shows it.</param>
internal sealed record HealthyCall(string Tool, JsonElement Arguments, double LatencySeconds, JsonElement Result, string TraceId);

/// <summary>Something that was replaced at capture.</summary>
/// <param name="Kind">What kind of value: <c>email</c>, <c>api-key</c>, …</param>
/// <param name="Occurrences">In how many places.</param>
/// <param name="Values">How many distinct values.</param>
public sealed record Redaction(string Kind, int Occurrences, int Values)
{
    /// <summary>Some of the places: names of attributes, and <c>span name</c> and the like; null where that was not noted.</summary>
    public IReadOnlyList<string>? Places { get; init; }

    /// <summary>The invented values that stand there now: what looks like a secret and is none; null where that was not noted.</summary>
    public IReadOnlyList<string>? Replacements { get; init; }
}
