using System.Globalization;
using System.Reflection;
using System.Security;
using System.Text;
using System.Text.Json;
using ReplayHarness.Diagnosis;
using ReplayHarness.Fixtures;
using ReplayHarness.Judging;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>
/// Writes an incident's tests into a project: what is expected once it is mended, a test of it, and a driver. What is there already is
/// never overwritten.
/// </summary>
/// <param name="incident">The incident's name.</param>
/// <param name="project">The folder of the test project.</param>
/// <param name="driver">The full name of a driver that the project has; null for one that is written.</param>
/// <param name="agentProject">The file of the agent's project that the test project refers to; null for none.</param>
internal sealed class IncidentScaffold(string incident, string project, string? driver, string? agentProject = null)
{
    /// <summary>The file that chooses the runner of tests.</summary>
    public const string GlobalFile = "global.json";

    private readonly List<string> _written = [];

    /// <summary>The folder of the fixture.</summary>
    public string Fixture => Path.Combine(project, "fixtures", incident);

    /// <summary>The files that were written.</summary>
    public IReadOnlyList<string> Written => _written;

    private string Folder => Path.Combine(project, incident);

    private string Name => CSharpText.Identifier(incident);

    private string Namespace => $"Replays.{Name}";

    /// <summary>Fails where something of the incident is there already.</summary>
    /// <exception cref="BadInputException">It is.</exception>
    public void Check()
    {
        if (!incident.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || incident.Length == 0 || !char.IsAsciiLetter(incident[0]))
            throw new BadInputException($"{incident}: expected a name in kebab-case, for example drive-timeout");
        string[] there = [.. ((string[])[Fixture, Folder]).Where(Directory.Exists)];
        if (there.Length > 0)
            throw new BadInputException(
                $"{string.Join(" and ", there)}: already there; choose another name, or delete it. To capture the fixture alone "
                    + $"anew: replay-harness capture … --out {NextCommands.Quoted(Fixture)}"
            );
    }

    /// <summary>Captures the fixture, and writes its tests and what they need: all of it appears together.</summary>
    /// <param name="agent">The agent's project, or null.</param>
    /// <param name="start">The agent's class, or null.</param>
    /// <param name="traces">The traces of the incident.</param>
    /// <param name="options">How it is captured.</param>
    /// <returns>The fixture, and the driver where one was written for the project.</returns>
    /// <exception cref="BadInputException">Something of it is there already, or the traces are not enough for a fixture.</exception>
    public (Fixture Fixture, AgentDriver? Driver) Capture(
        AgentProject? agent,
        string? start,
        IReadOnlyList<Trace> traces,
        CaptureOptions options
    )
    {
        using var set = WholeSet.Begin(project, besides: true);
        // Another process may have been there first.
        Check();
        var fixture = FixtureCapture.Write(set.Draft($"fixtures/{incident}"), traces, options).Fixture;
        var written = agent is null || driver is not null ? null : AgentDriver.Of(agent, start, AgentRuns.Read(traces), fixture);
        Write(set, fixture, written?.Body);
        set.Commit();
        return (fixture, written);
    }

    // The tests of the fixture; and where the project brings no driver, the one that is given, or the loop that most agents are.
    private void Write(WholeSet set, Fixture fixture, DriverBody? body)
    {
        if (!Directory.Exists(project) || Directory.GetFiles(project, "*.csproj").Length == 0)
            WriteProject(set);
        var verdicts = fixture
            // What can judge nothing stays as it is, whatever is mended.
            .Hypotheses.Where(h => h is { NeedsOnlyTheCapture: true, Judges.Count: > 0 })
            .ToDictionary(h => h.Name, _ => VerdictKind.Removed.Text(), StringComparer.Ordinal);
        var expected = new
        {
            fixture = $"../fixtures/{incident}",
            agents = new[]
            {
                new
                {
                    agent = "deployed",
                    driver = driver ?? $"{Namespace}.Deployed",
                    verdict = VerdictKind.Removed.Text(),
                    hypotheses = verdicts,
                },
            },
        };
        Put(set, $"{incident}/{Expectations.FileName}", JsonSerializer.Serialize(expected, s_json) + "\n");
        Put(set, $"{incident}/{Name}Tests.cs", Filled("Tests.txt", fixture));
        if (driver is null)
            Put(
                set,
                $"{incident}/Deployed.cs",
                body?.Fill(Text("Driver.txt")).Replace("$NAMESPACE", Namespace, StringComparison.Ordinal) ?? Filled("Deployed.txt", fixture)
            );
    }

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    private void WriteProject(WholeSet set)
    {
        Put(
            set,
            $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(project)))}.csproj",
            Text("Project.txt").Replace("$REFERENCE", Reference(), StringComparison.Ordinal)
        );
        for (var folder = Path.GetFullPath(project); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, GlobalFile)))
                return;
        File.WriteAllText(set.DraftBeside(GlobalFile), Text("global.txt"));
        _written.Add(
            Path.GetRelativePath(
                Directory.GetCurrentDirectory(),
                Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(project)))!, GlobalFile)
            )
        );
    }

    private string Reference()
    {
        if (agentProject is null)
            return "";
        var path = Path.GetRelativePath(Path.GetFullPath(project), Path.GetFullPath(agentProject)).Replace('\\', '/');
        // What MSBuild would read as a property, an item, a list or a pattern.
        var literal = string.Concat(path.Select(c => "%$@;*?'()".Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : $"{c}"));
        return $"    <ProjectReference Include=\"{SecurityElement.Escape(literal)}\" />\n";
    }

    private string Filled(string template, Fixture fixture) =>
        Text(template)
            .Replace("$NAMESPACE", Namespace, StringComparison.Ordinal)
            .Replace("$NAME", Name, StringComparison.Ordinal)
            .Replace("$INCIDENT", CSharpText.Comment(incident), StringComparison.Ordinal)
            .Replace("$SHAPE", CSharpText.Comment(string.Join(", ", fixture.Shape.Identity)), StringComparison.Ordinal);

    private static string Text(string template)
    {
        using var stream = typeof(IncidentScaffold).Assembly.GetManifestResourceStream(template)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("$VERSION", Version, StringComparison.Ordinal);
    }

    private static string Version =>
        typeof(IncidentScaffold)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0]
            .ToString(CultureInfo.InvariantCulture);

    private void Put(WholeSet set, string name, string text)
    {
        set.Write(name, output => output.Write(Encoding.UTF8.GetBytes(text)));
        _written.Add(Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(project, name)));
    }
}
