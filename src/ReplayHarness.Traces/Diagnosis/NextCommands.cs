using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis;

/// <summary>A replay that would confirm or refute a hypothesis.</summary>
/// <param name="Hypotheses">
/// The fixture's hypotheses that can judge it, the strongest first: <c>healthy@http</c>, <c>captured@tool</c>, <c>contention@tool</c>.
/// </param>
/// <param name="Rules">The rules whose findings it is about: it is confirmed where one of them still shows.</param>
/// <param name="Options">Further options of the replay, or empty.</param>
internal sealed record ReplayPlan(IReadOnlyList<string> Hypotheses, IReadOnlyList<string> Rules, string Options = "");

/// <summary>How the commands that come next name the run, the fixture and the agent.</summary>
/// <param name="Source">The source of the traces, as it was given.</param>
/// <param name="Selector"><c>--where KEY=VALUE</c> or <c>--trace ID</c>.</param>
/// <param name="Fixture">The fixture's folder.</param>
/// <param name="FixtureExists">Whether it was captured already.</param>
/// <param name="Unready">The fixture's hypotheses that cannot be judged as it stands: what they need is not there.</param>
/// <param name="Agent">DLL[:TYPE] of the agent.</param>
/// <param name="Healthy">A source in which the same calls went well, or null.</param>
internal sealed record NextCommands(
    string Source,
    string Selector,
    string Fixture,
    bool FixtureExists,
    IReadOnlyList<string> Unready,
    string Agent,
    string? Healthy
)
{
    private const string Tool = "replay-harness";

    /// <summary>Whether somebody said which agent it is.</summary>
    public bool KnowsAgent { get; init; }

    /// <summary>For who has no names of files yet.</summary>
    public static NextCommands Unnamed { get; } = new("TRACES", "--trace ID", "FIXTURE", FixtureExists: false, [], "DLL[:TYPE]", null);

    /// <summary>The command that captures the fixture, or null where there is one.</summary>
    public string? Capture =>
        FixtureExists
            ? null
            : $"{Tool} capture {Quoted(Source)} {Selector} --out "
                + $"{Quoted(Fixture)}{(Healthy is null ? "" : $" --healthy {Quoted(Healthy)}")}";

    /// <summary>The command that compares releases.</summary>
    internal string Releases => $"{Tool} releases {Quoted(Source)}";

    internal string Tree(string traceId) => $"{Tool} tree {Quoted(Source)} --trace {traceId} --waterfall";

    internal string Io(string traceId) => $"{Tool} io {Quoted(Source)} --trace {traceId}";

    internal string Parallel(string traceId) => $"{Tool} parallel {Quoted(Source)} --trace {traceId} --agent {Quoted(Agent)}";

    internal string Run(ReplayPlan plan)
    {
        var hypothesis = plan.Hypotheses.FirstOrDefault(h => !Unready.Contains(h, StringComparer.Ordinal));
        var option = hypothesis is null ? "" : $" --hypothesis {Quoted(hypothesis)}";
        return $"{Tool} run {Quoted(Fixture)} --agent {Quoted(Agent)}{option}{plan.Options} --expect reproduced";
    }

    /// <summary>The same replay of an agent as it was in another release: it should not show the failure.</summary>
    internal string RunBefore(string release) =>
        $"{Tool} run {Quoted(Fixture)} --agent {Quoted($"AGENT-OF-{release}.dll")} --expect removed";

    /// <summary>A text as a shell takes it for one word, on one line.</summary>
    public static string Quoted(string text) => ShellWord.Of(text);
}
