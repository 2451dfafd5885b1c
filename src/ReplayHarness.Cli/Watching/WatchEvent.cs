using System.Text.Json;

namespace ReplayHarness.Cli.Watching;

/// <summary>How often, in a release.</summary>
/// <param name="Release">The release; null for runs that name none.</param>
/// <param name="Runs">Failed runs.</param>
/// <param name="First">When the first began.</param>
internal sealed record ReleaseEventRow(string? Release, long Runs, string First);

/// <summary>What a webhook gets, and what --json prints of a shape.</summary>
/// <param name="Id">The same for the same event, however often it comes.</param>
/// <param name="Kind"><c>new-shape</c>, <c>later-release</c>, or <c>known</c> (with --json only).</param>
/// <param name="Shape">The fingerprint.</param>
/// <param name="Findings">What is wrong.</param>
/// <param name="Release">Of a later release: which; else null.</param>
/// <param name="Runs">Failed runs so far.</param>
/// <param name="First">When the first began.</param>
/// <param name="Last">When the last began.</param>
/// <param name="Releases">By release.</param>
/// <param name="Example">A trace that shows it.</param>
/// <param name="Fixture">The folder of its fixture, or null.</param>
/// <param name="Problem">Why there is none, or null.</param>
/// <param name="Replay">The command that replays it, or null.</param>
internal sealed record WatchEvent(
    string Id,
    string Kind,
    string Shape,
    IReadOnlyList<string> Findings,
    string? Release,
    long Runs,
    string First,
    string Last,
    IReadOnlyList<ReleaseEventRow> Releases,
    string Example,
    string? Fixture,
    string? Problem,
    string? Replay
)
{
    public const string NewShape = "new-shape",
        LaterRelease = "later-release",
        Known = "known";

    /// <summary>What is known of a shape.</summary>
    public static WatchEvent Of(string kind, string fingerprint, KnownShape shape, string? release = null) =>
        new(
            release is null ? $"{kind}:{fingerprint}" : $"{kind}:{fingerprint}:{release}",
            kind,
            fingerprint,
            shape.Findings,
            release,
            shape.Runs,
            JsonOut.Time(shape.FirstNanos),
            JsonOut.Time(shape.LastNanos),
            [
                .. shape
                    .Releases.OrderBy(r => r.Value.FirstNanos)
                    .ThenBy(r => r.Key, StringComparer.Ordinal)
                    .Select(r => new ReleaseEventRow(r.Key.Length == 0 ? null : r.Key, r.Value.Runs, JsonOut.Time(r.Value.FirstNanos))),
            ],
            shape.Example,
            shape.Fixture,
            shape.Problem,
            shape.Fixture is { } fixture ? WatchNote.Replays(fixture) : null
        );

    /// <summary>As it is sent.</summary>
    public PendingEvent ToPending() => new(Id, JsonSerializer.Serialize(this, WatchJson.Relaxed.WatchEvent));
}

/// <summary>What --json prints of a pass.</summary>
/// <param name="Failures">Failed runs that this pass counted.</param>
/// <param name="Waiting">Traces that may not be whole yet; the next pass reads them.</param>
/// <param name="Events">What is new.</param>
/// <param name="Shapes">Every shape that is known.</param>
/// <param name="Undelivered">Events that the webhook did not take yet.</param>
internal sealed record WatchDocument(
    long Failures,
    int Waiting,
    IReadOnlyList<WatchEvent> Events,
    IReadOnlyList<WatchEvent> Shapes,
    int Undelivered
);
