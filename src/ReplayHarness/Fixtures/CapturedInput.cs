using ReplayHarness.Traces;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Fixtures;

/// <summary>What an agent was given when it was captured: its question, what had been said before, and what was asked after.</summary>
internal static class CapturedInput
{
    /// <summary>The input of an incident's runs: that of the first whose requests were recorded.</summary>
    public static FixtureInput Of(AgentRun[] runs)
    {
        var opening = runs.SelectMany(r => r.ModelCalls).FirstOrDefault(m => m.Input is { Count: > 0 })?.Input ?? [];
        var system = opening.FirstOrDefault(m => m.Role == "system");
        // What was answered before is history: the question stands behind it.
        var before = 1 + LastAnswer(opening);
        var question = opening.Skip(before).FirstOrDefault(m => m.Role == "user") ?? opening.FirstOrDefault(m => m.Role == "user");
        return new(Text(question) ?? "", SharedAttributes(runs), Text(system))
        {
            History = before > 0 ? [.. opening.Take(before).Where(m => m.Role != "system").Select(Recorded)] : null,
            Questions = QuestionsOf(runs, Text(question)) is { Length: > 1 } several ? several : null,
        };
    }

    private static int LastAnswer(IReadOnlyList<Message> messages)
    {
        var last = messages.Count - 1;
        while (last >= 0 && messages[last].Role != "assistant")
            last--;
        return last;
    }

    private static RecordedMessage Recorded(Message message) => new(message.Role, Text(message));

    private static string? Text(Message? message) => message is null ? null : CapturedConversations.TextOf(message);

    // The same agent's next ones: what one agent hands to another is no question of the user's.
    private static string[] QuestionsOf(AgentRun[] runs, string? first)
    {
        var asked = runs.FirstOrDefault(r => r.ModelCalls.Any(m => m.Input is { Count: > 0 }));
        ModelCall[] calls = [.. asked?.ModelCalls ?? []];
        var next = CapturedConversations
            .Of(calls)
            .Where((link, i) => link.Follows is { } followed && calls[followed - 1].Agent == calls[i].Agent)
            .SelectMany(link => link.Adds ?? [])
            .Where(m => m is { Role: "user", Text: not null })
            .Select(m => m.Text!);
        return [.. next.Prepend(first ?? "").Distinct(StringComparer.Ordinal)];
    }

    // What every attempt says of itself alike, and no convention's own attributes: the domain ids.
    private static SortedDictionary<string, string> SharedAttributes(AgentRun[] runs)
    {
        var shared = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (runs[0].Root is not { } first)
            return shared;
        foreach (var (name, _) in first.Attributes)
            if (!IsConvention(name) && first.Attributes.Text(name) is { } value && runs.All(r => r.Root?.Attributes.Text(name) == value))
                shared[name] = value;
        return shared;
    }

    private static bool IsConvention(string name) => name == "attempt" || DialectNames.IsNotOfTheTask(name);
}
