using System.Text.Json;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Fixtures;

/// <summary>
/// A fixture made ready for matching: behaviours by call, results by call, responses by request. Shared by all schedules, and changed by
/// none; only calibration adds responses, before the first.
/// </summary>
internal sealed class FixtureIndex
{
    private readonly Dictionary<(string Tool, string Arguments), Behaviour[]> _behaviours;
    private readonly Dictionary<(string Tool, string Arguments), HealthyCall> _healthy = [];
    private readonly List<HttpAnswer> _responses;
    private readonly IReadOnlyList<RecordedDialogue>[] _dialogues;
    private readonly List<string> _assumed = [];

    public FixtureIndex(FixtureFolder folder, Matching? matching = null)
    {
        Matching = matching ?? Matching.Strict;
        Folder = folder;
        Fixture = folder.Fixture;
        _behaviours = Fixture
            .Behaviours.GroupBy(b => Key(b.Tool, b.Arguments))
            .ToDictionary(g => g.Key, g => g.OrderBy(b => b.Attempt).ToArray());
        foreach (var call in Fixture.Hypotheses.SelectMany(h => h.Healthy))
            _healthy.TryAdd(Key(call.Tool, call.Arguments), call);
        ExpectedResults = Expected();
        Known = new()
        {
            ExpectedResults = ExpectedResults,
            Effects = Renamed(Fixture.Effects),
            EffectsByMethod = Renamed(EffectsByMethod()),
            Shortened = Renamed(Fixture.Told).Select(t => t.Key).ToHashSet(StringComparer.Ordinal),
            Promoted = Fixture.Promoted ?? [],
        };
        _dialogues = [.. Fixture.Attempts.Select(Dialogues.Of)];
        _responses = [.. folder.Http.SelectMany(f => f.Responses).Select(r => new HttpAnswer(r, BodyOf(r)))];
    }

    public FixtureFolder Folder { get; }

    /// <summary>How strictly calls are matched.</summary>
    public Matching Matching { get; }

    public Fixture Fixture { get; }

    /// <summary>What each call returned when captured, or returns when healthy; canonical.</summary>
    public IReadOnlyDictionary<(string Tool, string Arguments), string> ExpectedResults { get; }

    /// <summary>What the fixture knows of its runs beside their traces.</summary>
    public RunKnowledge Known { get; }

    /// <summary>The authored responses with their bodies, and behind them those that were inferred.</summary>
    public IReadOnlyList<HttpAnswer> Responses => _responses;

    /// <summary>Which responses were inferred, as sentences without their full stops.</summary>
    public IReadOnlyList<string> Assumed => _assumed;

    /// <summary>Adds responses that nobody authored, and with which a call returned what was captured.</summary>
    /// <param name="inferred">They, each with a body taken from a result.</param>
    public void Assume(IEnumerable<HttpResponseRecord> inferred)
    {
        foreach (var response in inferred)
        {
            _responses.Add(new(response, BodyOf(response)));
            _assumed.Add(
                $"no response is authored for {response.Method} {response.Url}; the result of {response.BodyFromResult!.Tool} stands "
                    + "for it, with which the tool's own code returned what was captured"
            );
        }
    }

    /// <summary>The distinct captured calls, in order of time.</summary>
    public IEnumerable<((string Tool, string Arguments) Key, Behaviour First)> Calls => _behaviours.Select(b => (b.Key, b.Value[0]));

    /// <summary>The tools of a fixture: as the model was offered them, else as they were called.</summary>
    public static IEnumerable<RecordedTool> ToolsOf(Fixture fixture)
    {
        var called = fixture
            .Behaviours.GroupBy(b => b.Tool, StringComparer.Ordinal)
            .Select(g => new RecordedTool(g.Key, SchemaOf(g.Select(b => b.Arguments))));
        return (fixture.Tools ?? []).Concat(called).DistinctBy(t => t.Name);
    }

    // Every argument that was ever given; what types they had.
    private static JsonElement SchemaOf(IEnumerable<JsonElement> arguments)
    {
        var properties = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var member in arguments.SelectMany(a => a.EnumerateObject()))
            properties[member.Name] = new Dictionary<string, object?>
            {
                ["type"] = member.Value.ValueKind switch
                {
                    JsonValueKind.String => "string",
                    JsonValueKind.Number => "number",
                    JsonValueKind.True or JsonValueKind.False => "boolean",
                    JsonValueKind.Array => "array",
                    _ => "object",
                },
            };
        return JsonElement.Parse(
            Json.Write(
                new Dictionary<string, object?>
                {
                    ["type"] = "object",
                    ["properties"] = properties.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal),
                }
            )
        );
    }

    /// <summary>The conversations of an attempt, by its number from 1; behind the last, those of the last.</summary>
    public IReadOnlyList<RecordedDialogue> DialoguesOf(int attempt) => _dialogues[Math.Min(attempt, _dialogues.Length) - 1];

    /// <summary>The captured name of a tool: its own, or the one that lacks the plugin it belongs to, or names it otherwise.</summary>
    public string Recorded(string tool) =>
        Tools.Contains(tool, StringComparer.Ordinal) || Fixture.Aliases.ContainsKey(tool) ? tool
        : Tools.Where(t => ToolNames.AreOne(t, tool)).ToArray() is [var only] ? only
        : tool;

    /// <summary>The tools that were called, in order of time.</summary>
    public IEnumerable<string> Tools => Fixture.Behaviours.Select(b => b.Tool).Distinct(StringComparer.Ordinal);

    public IReadOnlyList<Behaviour> BehavioursOf((string Tool, string Arguments) key) =>
        _behaviours.TryGetValue(key, out var found) ? found : [];

    public HealthyCall? HealthyOf((string Tool, string Arguments) key) => _healthy.GetValueOrDefault(key);

    public static (string Tool, string Arguments) Key(string tool, JsonElement arguments) => (tool, Json.Canonical(Json.Value(arguments)));

    /// <summary>A result as the text that a trace would record: a JSON string stands for its own text.</summary>
    public static string TextOf(JsonElement result) =>
        result.ValueKind == JsonValueKind.String ? result.GetString()! : Json.Write(Json.Value(result));

    // A renamed tool does what it did.
    private Dictionary<string, T> Renamed<T>(IReadOnlyDictionary<string, T>? byName)
    {
        var renamed = new Dictionary<string, T>(byName ?? new Dictionary<string, T>(), StringComparer.Ordinal);
        foreach (var (name, captured) in Fixture.Aliases)
            if (renamed.TryGetValue(captured, out var value))
                renamed.TryAdd(name, value);
        return renamed;
    }

    // The requests that were captured, and those whose responses are authored.
    private Dictionary<string, bool> EffectsByMethod()
    {
        var requests = (Fixture.Methods ?? new Dictionary<string, IReadOnlyList<string>>()).SelectMany(m =>
            m.Value.Select(v => (m.Key, v))
        );
        var authored = Folder
            .Http.SelectMany(f => f.Responses)
            .Where(r => r.BodyFromResult is not null)
            .Select(r => (r.BodyFromResult!.Tool, $"{r.Method} {r.Url}"));
        var effects = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var tool in requests.Concat(authored).GroupBy(r => r.Item1, r => r.Item2, StringComparer.Ordinal))
            if (ToolRequests.IsEffect(tool) is { } isEffect)
                effects[tool.Key] = isEffect;
        return effects;
    }

    private Dictionary<(string Tool, string Arguments), string> Expected()
    {
        var expected = new Dictionary<(string, string), string>();
        foreach (var (key, behaviours) in _behaviours)
            if (behaviours.FirstOrDefault(b => b.Result is not null)?.Result is { } result)
                expected[key] = Json.Canonical(TextOf(result));
        // What was captured may be wrong itself: the answer to another call, or of a backend that was ill.
        foreach (var (key, call) in _healthy)
            expected[key] = Json.Canonical(TextOf(call.Result));
        return expected;
    }

    private string BodyOf(HttpResponseRecord record)
    {
        if (record.Body is { } body)
            return TextOf(body);
        if (record.BodyFromResult is not { } call)
            return "";
        var key = Key(call.Tool, call.Arguments);
        var result = HealthyOf(key)?.Result ?? BehavioursOf(key).FirstOrDefault(b => b.Result is not null)?.Result;
        return result is { } found
            ? TextOf(found)
            : throw new BadInputException(
                $"{Folder.Path}/http: {record.Url}: bodyFromResult names {call.Tool} {key.Arguments}, of which the fixture has "
                    + $"no result, captured or healthy"
            );
    }
}

/// <summary>An authored response with its body.</summary>
/// <param name="Record">The response.</param>
/// <param name="Body">The body's text.</param>
internal sealed record HttpAnswer(HttpResponseRecord Record, string Body);
