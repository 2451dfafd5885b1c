using System.Collections.Concurrent;
using ReplayHarness.Diagnosis;
using ReplayHarness.Evidence;
using ReplayHarness.Fixtures;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Ui;

/// <summary>An incident of the folder, as it stands now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expectations">What is expected of its agents; null where that cannot be read.</param>
/// <param name="Status">Where it stands; null where that cannot be told.</param>
/// <param name="Problem">Why something cannot be read or told, for a person; null where all can.</param>
internal sealed record UiFound(string Name, Expectations? Expectations, IncidentStatus? Status, string? Problem);

/// <summary>The incidents of a folder: each with a folder that holds its <c>expected.json</c>.</summary>
/// <param name="folder">The folder; null where there is none.</param>
/// <param name="assembly">The assembly that holds the drivers.</param>
internal sealed class UiIncidents(string? folder, string? assembly)
{
    // A fixture is read again when its file has changed.
    private readonly ConcurrentDictionary<string, (DateTime Changed, Facts Facts)> _fixtures = new(StringComparer.Ordinal);

    private sealed record Facts(string Fingerprint, IReadOnlyList<string> Identity);

    /// <summary>The assembly that holds the drivers.</summary>
    public string Assembly =>
        assembly ?? throw new BadInputException("no --assembly was given; restart with the DLL that holds the drivers");

    /// <summary>All, in order of their names.</summary>
    public IReadOnlyList<UiFound> All() =>
        folder is null
            ? []
            :
            [
                .. Directory
                    .GetDirectories(folder)
                    .Order(StringComparer.Ordinal)
                    .Where(d => File.Exists(Path.Combine(d, Expectations.FileName)))
                    .AsParallel()
                    .AsOrdered()
                    .Select(Read),
            ];

    /// <summary>One; null where there is none of that name.</summary>
    public UiFound? Find(string name) =>
        folder is not null
        && name.AsSpan().IndexOfAny('/', '\\') < 0
        && name is not ("" or "." or "..")
        && File.Exists(Path.Combine(folder, name, Expectations.FileName))
            ? Read(Path.Combine(folder, name))
            : null;

    /// <summary>The rows of the list: the incidents with what the source shows of them, then what nobody has captured.</summary>
    /// <param name="seen">What the source shows; null where none is read.</param>
    /// <param name="source">The source, as commands name it.</param>
    public IReadOnlyList<UiRow> Rows(SeenShapes? seen, string? source)
    {
        UiRow[] incidents = [.. All().Select(i => Row(i, seen))];
        var captured = incidents.Select(i => i.Shape).ToHashSet(StringComparer.Ordinal);
        return [.. incidents, .. (seen?.All ?? []).Where(s => !captured.Contains(s.Shape.Fingerprint)).Select(s => Row(s, seen!, source!))];
    }

    private UiFound Read(string incident)
    {
        var name = Path.GetFileName(incident);
        Expectations? expectations = null;
        try
        {
            expectations = Expectations.Load(Path.Combine(incident, Expectations.FileName));
            return new(name, expectations, IncidentStatus.Of(expectations, incident, Assembly), null);
        }
        catch (Exception e) when (e is BadInputException or IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return new(name, expectations, null, e.Message);
        }
    }

    private UiRow Row(UiFound found, SeenShapes? seen)
    {
        var facts = FactsOf(found, out var problem);
        var shape = facts is null ? null : seen?.Find(facts.Fingerprint);
        return new(
            Unseen.Spelt(found.Name),
            problem is null ? found.Status!.State.Text() : "error",
            Unseen.Spelt(problem ?? found.Status!.Reason),
            facts?.Fingerprint,
            facts?.Identity ?? [],
            [.. (found.Expectations?.Agents ?? []).Select(a => Unseen.Spelt(a.Agent))],
            seen is null ? null : shape?.Runs ?? 0,
            seen is null || facts is null ? [] : seen.Trend(shape),
            shape is null ? null : JsonOut.Time(shape.LastNanos),
            facts is null ? null : UiPages.LinkTo(found.Name),
            shape is null ? null : UiPages.LinkToRun(shape.Example),
            null
        );
    }

    private static UiRow Row(SeenShape shape, SeenShapes seen, string source) =>
        new(
            $"shape {shape.Shape.Fingerprint}",
            "not captured",
            "no incident of the folder has this shape",
            shape.Shape.Fingerprint,
            [.. shape.Shape.Identity.Select(i => Unseen.Spelt($"{i}"))],
            [],
            shape.Runs,
            seen.Trend(shape),
            JsonOut.Time(shape.LastNanos),
            null,
            UiPages.LinkToRun(shape.Example),
            $"{Invocation.In(Directory.GetCurrentDirectory())} capture {NextCommands.Quoted(source)} --trace {shape.Example} --out "
                + $"fixtures/{shape.Shape.Fingerprint}"
        );

    private Facts? FactsOf(UiFound found, out string? problem)
    {
        problem = found.Problem;
        if (found.Expectations is not { } expectations)
            return null;
        try
        {
            var changed = File.GetLastWriteTimeUtc(Path.Combine(expectations.FixturePath, FixtureFolder.FileName));
            if (_fixtures.TryGetValue(expectations.FixturePath, out var known) && known.Changed == changed)
                return known.Facts;
            var shape = FixtureFolder.Load(expectations.FixturePath).Fixture.Shape;
            var facts = new Facts(shape.Fingerprint, [.. shape.Identity.Select(i => Unseen.Spelt($"{i}"))]);
            _fixtures[expectations.FixturePath] = (changed, facts);
            return facts;
        }
        catch (Exception e) when (e is BadInputException or IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
            return null;
        }
    }
}
