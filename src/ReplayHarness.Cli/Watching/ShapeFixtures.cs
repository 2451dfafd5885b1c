using ReplayHarness.Cli.Scaffolding;
using ReplayHarness.Fixtures;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>The fixtures of shapes, and their tests where a test project is named. One that is there is taken as it is.</summary>
internal sealed class ShapeFixtures(WatchOptions options)
{
    /// <summary>How the names of shapes' folders begin.</summary>
    public const string Prefix = "shape-";

    private readonly AgentProject? _agent =
        options.Agent is null ? null
        : options.Project is { } project ? AgentProject.Of(project)
        : AgentProject.OfTests(options.Agent);

    /// <summary>The name of a shape's folder, and of its incident.</summary>
    public static string NameOf(string fingerprint) => Prefix + fingerprint;

    /// <summary>The folder of a shape's fixture.</summary>
    public string FolderOf(string fingerprint) =>
        options.Agent is { } tests
            ? Path.Combine(tests, "fixtures", NameOf(fingerprint))
            : Path.Combine(options.Out, NameOf(fingerprint));

    /// <summary>The fixture that is there; null where there is none.</summary>
    /// <exception cref="BadInputException">What is there is no fixture of the shape.</exception>
    public Fixture? Existing(string fingerprint)
    {
        var folder = FolderOf(fingerprint);
        if (options.Agent is { } tests && Directory.Exists(tests))
            Mending.BeforeWriting(tests, besides: true);
        if (Directory.Exists(folder))
            Mending.BeforeWriting(folder);
        if (!File.Exists(Path.Combine(folder, FixtureFolder.FileName)))
            return null;
        var fixture = FixtureFolder.Load(folder).Fixture;
        return fixture.Shape.Fingerprint == fingerprint
            ? fixture
            : throw new BadInputException(
                $"{folder}: holds the fixture of shape {fixture.Shape.Fingerprint}, not of {fingerprint}; it stays. Move it away, and the "
                    + "next pass captures the shape"
            );
    }

    /// <summary>Captures a fixture.</summary>
    /// <exception cref="BadInputException">The traces are not enough for one.</exception>
    public Fixture Capture(string fingerprint, IReadOnlyList<Trace> traces)
    {
        var how = new CaptureOptions { Redaction = options.Redaction };
        if (options.Agent is not { } tests)
            return FixtureCapture.Write(FolderOf(fingerprint), traces, how).Fixture;
        // As `new` does it.
        var scaffold = new IncidentScaffold(NameOf(fingerprint), tests, options.Driver, options.Project is null ? null : _agent?.File);
        return scaffold.Capture(_agent, options.Start, traces, how).Fixture;
    }
}
