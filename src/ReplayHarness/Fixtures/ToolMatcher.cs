using System.Text.Json;

namespace ReplayHarness.Fixtures;

/// <summary>Serves the captured behaviours of tool calls to one schedule. Parallel calls match by content, never by arrival.</summary>
internal sealed class ToolMatcher(FixtureIndex index)
{
    private const int MostReasons = 4;

    private readonly HashSet<Behaviour> _served = new(ReferenceEqualityComparer.Instance);

    /// <summary>The behaviours that were served so far.</summary>
    public IReadOnlyCollection<Behaviour> Served => _served;

    /// <summary>What was accepted although it is not exactly as captured.</summary>
    public List<string> Drift { get; } = [];

    /// <summary>True once a call that nothing matched got an error in its place.</summary>
    public bool MadeUp { get; private set; }

    /// <summary>The behaviour for a call, or why there is none.</summary>
    public (Behaviour? Behaviour, Divergence? Divergence) Match(string tool, string arguments, int attempt)
    {
        var captured = index.Fixture.Aliases.GetValueOrDefault(tool, tool);
        var behaviours = index.BehavioursOf((captured, arguments));
        if (behaviours.Count == 0)
            behaviours = WithVolatileParts(captured, arguments);
        if (behaviours.Count == 0 && index.Matching.AcceptDrift)
            behaviours = Nearest(captured, arguments);
        if (behaviours.Count == 0)
            return Unmatched(tool, arguments, NoMatch(tool, captured, arguments));
        var next =
            behaviours.FirstOrDefault(b => b.Attempt >= attempt && !_served.Contains(b))
            ?? behaviours.FirstOrDefault(b => !_served.Contains(b));
        if (next is not null)
        {
            _served.Add(next);
            return (next, null);
        }
        return Again(behaviours, tool, arguments);
    }

    // Every capture of the call agrees: then one more call behaves alike. Where they differ, nothing says what one more would do.
    private (Behaviour?, Divergence?) Again(IReadOnlyList<Behaviour> behaviours, string tool, string arguments)
    {
        var outcomes = behaviours
            .Select(b => b.Error?.Class ?? FixtureIndex.TextOf(b.Result!.Value))
            .Distinct(StringComparer.Ordinal)
            .Count();
        if (outcomes > 1 && !index.Matching.AcceptDrift)
            return Unmatched(
                tool,
                arguments,
                new(
                    $"call {behaviours.Count + 1} of {tool} {arguments}",
                    behaviours[^1].Id,
                    [$"the fixture holds {behaviours.Count}, with different outcomes"],
                    Divergence.CaptureAgain,
                    Remedy.AcceptDrift
                )
            );
        Note($"{tool} {arguments} was called more often than captured; the last captured behaviour repeats");
        return (behaviours[^1], null);
    }

    private IReadOnlyList<Behaviour> WithVolatileParts(string tool, string arguments)
    {
        var masked = VolatileParts.Mask(arguments);
        var (key, _) = index.Calls.FirstOrDefault(c => c.Key.Tool == tool && VolatileParts.Mask(c.Key.Arguments) == masked);
        if (key.Tool is null)
            return [];
        Note($"{tool} {arguments} differs from the captured {key.Arguments} in volatile parts only");
        return index.BehavioursOf(key);
    }

    private IReadOnlyList<Behaviour> Nearest(string tool, string arguments)
    {
        if (ByNearness(tool, arguments) is not [var (nearest, different), ..])
            return [];
        Note($"accepted: {tool} {arguments} takes what {nearest} did ({string.Join(", ", different)})");
        return index.BehavioursOf((tool, nearest));
    }

    // The nearest first: the one with the fewest differences.
    private (string Arguments, IReadOnlyList<string> Different)[] ByNearness(string tool, string arguments) =>
        [
            .. index
                .Calls.Where(c => c.Key.Tool == tool)
                .Select(c => (c.Key.Arguments, Different: Differences.Members(c.Key.Arguments, arguments)))
                .OrderBy(c => c.Different.Count),
        ];

    private (Behaviour?, Divergence?) Unmatched(string tool, string arguments, Divergence divergence)
    {
        if (index.Matching.OnMismatch == MismatchPolicy.Fail)
            return (null, divergence);
        Note($"no match, and an error in its place: {divergence}");
        MadeUp = true;
        var error = new RecordedError(
            "System.InvalidOperationException",
            "other:InvalidOperationException",
            "System.InvalidOperationException",
            $"the fixture has no result for {tool} {arguments}"
        )
        {
            Inner = [],
        };
        return (
            new Behaviour
            {
                Id = $"{tool}#unmatched",
                Attempt = 1,
                Tool = tool,
                Arguments = JsonElement.Parse(arguments),
                LatencySeconds = 0,
                Error = error,
                HonoursCancellation = true,
            },
            null
        );
    }

    private Divergence NoMatch(string tool, string captured, string arguments)
    {
        var sameTool = ByNearness(captured, arguments);
        return sameTool.Length == 0
            ? new(
                $"the agent called {tool} {arguments}",
                null,
                [$"the fixture knows no tool {captured}; it knows {string.Join(", ", index.Tools)}"],
                "map a renamed tool in aliases of fixture.json; for a new one capture the incident again",
                Remedy.GoOnAfterMismatch
            )
            : new(
                $"the agent called {tool} {arguments}",
                $"{captured} {sameTool[0].Arguments}",
                [.. sameTool.Take(MostReasons).Select(c => $"{captured} {c.Arguments}: {string.Join(", ", c.Different)}")],
                "capture the incident again where the agent is meant to ask this; ids and times that change every run match by their form",
                Remedy.AcceptDrift
            );
    }

    private void Note(string drift)
    {
        if (!Drift.Contains(drift))
            Drift.Add(drift);
    }
}
