using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>Serves the authored http responses to one schedule, and keeps the states of their scenarios.</summary>
internal sealed class HttpScript(FixtureIndex index)
{
    private readonly SortedDictionary<string, string> _states = new(StringComparer.Ordinal);

    /// <summary>The scenarios that have left their first state, with the state each is in.</summary>
    public IEnumerable<KeyValuePair<string, string>> States => _states;

    /// <summary>The response to a request, or null where there is none.</summary>
    /// <param name="method">The method.</param>
    /// <param name="url">Whether a response's URL is the request's.</param>
    /// <param name="body">The request's body.</param>
    public HttpAnswer? Next(string method, Func<string, bool> url, string body)
    {
        var answer = index.Responses.FirstOrDefault(r =>
            r.Record.Method == method
            && url(r.Record.Url)
            && IsNow(r.Record.Scenario)
            && (r.Record.RequestBody is not { } expected || Json.Canonical(body) == Json.Canonical(FixtureIndex.TextOf(expected)))
        );
        if (answer?.Record.Scenario is { Becomes: { } next } scenario)
            _states[scenario.Name] = next;
        return answer;
    }

    private bool IsNow(HttpScenario? scenario) =>
        scenario?.Requires is not { } required || _states.GetValueOrDefault(scenario.Name, HttpScenario.Started) == required;
}
