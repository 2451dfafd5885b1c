using System.Text.Json;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// Runs one captured call alone through the agent's own code, where that code is reached only by way of the agent: it is driven, the call
/// runs when it makes it, and every other call of a tool is answered at once. Then the schedule ends.
/// </summary>
/// <param name="index">The fixture.</param>
/// <param name="key">The tool and its arguments, canonical JSON.</param>
/// <param name="behaviour">How the call went.</param>
internal sealed class ToolTrial(FixtureIndex index, (string Tool, string Arguments) key, Behaviour behaviour)
{
    /// <summary>Whether the first call of the tool is taken, whatever it is made with, and made with the captured arguments.</summary>
    public bool TakesAny { get; init; }

    /// <summary>How many calls of tools were made.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether the call was made.</summary>
    public bool IsMade { get; private set; }

    /// <summary>What it returned, as a trace would record it; null where it failed.</summary>
    public string? Returned { get; private set; }

    /// <summary>Whether an invocation is the call that is tried.</summary>
    public bool Takes(string tool, string arguments, IEnumerable<KeyValuePair<string, object?>> given)
    {
        Calls++;
        if (IsMade || tool != key.Tool || (!TakesAny && arguments != key.Arguments))
            return false;
        IsMade = true;
        if (arguments != key.Arguments && given is IDictionary<string, object?> own)
        {
            own.Clear();
            foreach (var member in behaviour.Arguments.EnumerateObject())
                own[member.Name] = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value;
        }
        return true;
    }

    /// <summary>The call has returned.</summary>
    public void End(object? result) => Returned = ToolBoundary.ToText(result);

    /// <summary>What any other call returns at once; null where nobody knows, and it never answers.</summary>
    public JsonElement? Expected(string tool, string arguments) =>
        index.HealthyOf((tool, arguments))?.Result
        ?? index.BehavioursOf((tool, arguments)).FirstOrDefault(b => b.Result is not null)?.Result;
}
