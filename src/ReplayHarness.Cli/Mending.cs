using ReplayHarness.Fixtures;

namespace ReplayHarness.Cli;

/// <summary>What commands that were stopped left behind: it is finished or deleted, and said.</summary>
internal static class Mending
{
    /// <summary>Before a command writes files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="besides">Whether the command also writes beside the folder.</param>
    public static void BeforeWriting(string folder, bool besides = false) => Tell(folder, WholeSet.Mend(folder, besides));

    /// <summary>Before a command reads a folder, or a file of it.</summary>
    public static void BeforeReading(string path)
    {
        var folder = File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        Tell(folder, WholeSet.MendForReading(folder));
    }

    /// <summary>Loads a fixture.</summary>
    public static FixtureFolder Load(string fixture)
    {
        BeforeReading(fixture);
        return FixtureFolder.Load(fixture);
    }

    private static void Tell(string folder, string? what)
    {
        if (what is not null)
            Console.Error.WriteLine($"replay-harness: {folder}: {what}");
    }
}
