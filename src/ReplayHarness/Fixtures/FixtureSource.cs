namespace ReplayHarness.Fixtures;

/// <summary>Where a fixture came from.</summary>
/// <param name="Traces">The file beside the fixture that holds the captured traces.</param>
/// <param name="Selected">The selection, for example <c>task_id=…</c>.</param>
/// <param name="TraceIds">The traces, in order of time.</param>
internal sealed record FixtureSource(string Traces, string Selected, IReadOnlyList<string> TraceIds)
{
    /// <summary>The hash of that file (<see cref="Fixtures.TracesHash"/>); null where it was not noted.</summary>
    public string? TracesHash { get; init; }

    /// <summary>The hash of the traces in which the same calls went well; null where there are none, or it was not noted.</summary>
    public string? HealthyHash { get; init; }
}
