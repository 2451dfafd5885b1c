using System.Xml;
using System.Xml.Linq;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>
/// What an agent's project refers to, read from the project files; nothing is built or run. A condition is not looked at: what may be
/// referred to is.
/// </summary>
internal sealed class AgentProject
{
    // Imported from above a project by the SDK.
    private static readonly string[] s_above = ["Directory.Build.props", "Directory.Build.targets"];
    private readonly HashSet<string> _packages = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _projects = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sdks = new(StringComparer.OrdinalIgnoreCase);

    private AgentProject() { }

    /// <summary>The first project's file.</summary>
    public string File { get; private set; } = "";

    /// <summary>The project files, whole paths, in order.</summary>
    public IReadOnlyCollection<string> Files => _projects;

    /// <summary>Whether it is built on the generic host.</summary>
    public bool Hosted =>
        _packages.Contains("Microsoft.Extensions.Hosting") || _sdks.Overlaps(["Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker"]);

    /// <summary>Whether one of the packages that begin so is referred to; one of abstractions alone cannot run an agent.</summary>
    public bool Refers(string package) =>
        _packages.Any(p =>
            (p.Equals(package, StringComparison.OrdinalIgnoreCase) || p.StartsWith(package + ".", StringComparison.OrdinalIgnoreCase))
            && !p.EndsWith(".Abstractions", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether just this package is referred to.</summary>
    public bool RefersExactly(string package) => _packages.Contains(package);

    /// <summary>An agent's project, and those it refers to.</summary>
    /// <exception cref="BadInputException">There is none, or it is no project.</exception>
    public static AgentProject Of(string file)
    {
        if (Directory.Exists(file))
            file = OnlyProject(file) ?? throw new BadInputException($"{file}: expected a folder with one project, or a project's file");
        if (!System.IO.File.Exists(file))
            throw new BadInputException($"{file}: there is no project here");
        var found = new AgentProject { File = Path.GetFullPath(file) };
        found.Add(found.File);
        return found;
    }

    /// <summary>What a test project refers to, or null where it refers to no project.</summary>
    public static AgentProject? OfTests(string folder)
    {
        if (!Directory.Exists(folder) || OnlyProject(folder) is not { } tests)
            return null;
        var found = new AgentProject();
        foreach (var file in ReferencesOf(Path.GetFullPath(tests), Elements(tests)))
            found.Add(file);
        return found._projects.Count > 0 ? found : null;
    }

    private static string? OnlyProject(string folder) => Directory.GetFiles(folder, "*.csproj") is [var one] ? one : null;

    private void Add(string file)
    {
        if (!System.IO.File.Exists(file) || !_projects.Add(file))
            return;
        var elements = Elements(file);
        AddPackages(elements);
        if (elements[0].Attribute("Sdk")?.Value is { } sdk)
            _sdks.UnionWith(sdk.Split(';').Select(s => s.Split('/')[0].Trim()));
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
            foreach (var above in s_above.Select(name => Path.Combine(folder, name)).Where(System.IO.File.Exists))
                AddPackages(Elements(above));
        foreach (var reference in ReferencesOf(file, elements))
            Add(reference);
    }

    private void AddPackages(XElement[] elements) =>
        _packages.UnionWith(elements.Where(e => e.Name.LocalName == "PackageReference").SelectMany(Included));

    private static IEnumerable<string> ReferencesOf(string file, XElement[] elements) =>
        elements
            .Where(e => e.Name.LocalName == "ProjectReference")
            .SelectMany(Included)
            .Select(path => Path.GetFullPath(path.Replace('\\', '/'), Path.GetDirectoryName(file)!));

    private static string[] Included(XElement item) =>
        (item.Attribute("Include")?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Without document types: a project file is read, and nothing that it might name.
    private static XElement[] Elements(string file)
    {
        try
        {
            using var reader = XmlReader.Create(file);
            return [.. XDocument.Load(reader).Root!.DescendantsAndSelf()];
        }
        catch (XmlException e)
        {
            throw new BadInputException($"{file}: is no project: {e.Message}");
        }
    }
}
