namespace ReplayHarness.Fixtures;

/// <summary>The agent asked for what the fixture contradicts.</summary>
/// <param name="What">What the agent asked for.</param>
/// <param name="Nearest">The nearest thing in the fixture, or null.</param>
/// <param name="Reasons">Why that, and everything else, does not match.</param>
/// <param name="Advice">What to do about the fixture or the agent, or null.</param>
/// <param name="Remedy">What to do about the replay instead, or null.</param>
internal sealed record Divergence(string What, string? Nearest, IReadOnlyList<string> Reasons, string? Advice = null, Remedy? Remedy = null)
{
    /// <summary>The advice where the agent is right and the fixture old.</summary>
    public const string CaptureAgain = "capture the incident again";

    /// <summary>A line for what the agent asked for, what is nearest, each reason, and what to do.</summary>
    public IEnumerable<string> Lines()
    {
        yield return What;
        if (Nearest is not null)
            yield return $"nearest in the fixture: {Nearest}";
        foreach (var reason in Reasons)
            yield return $"rejected: {reason}";
        if (Advice is not null)
            yield return $"what to do: {Advice}";
    }

    /// <summary>One paragraph for people.</summary>
    public override string ToString() =>
        $"{What}{(Nearest is null ? "" : $"; nearest in the fixture: {Nearest}")}{string.Concat(Reasons.Select(r => $"; {r}"))}";
}
