namespace ReplayHarness.Tests.Support;

/// <summary>The processes that run now, as Linux shows them.</summary>
internal static class Processes
{
    /// <summary>Those that have a word in their command line, or, of those that have one at all, the others.</summary>
    public static IEnumerable<int> With(string word, bool not = false) =>
        from folder in Directory.GetDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
        let words = Read(Path.Combine(folder, "cmdline")).Split('\0')
        where words[0].Length > 0 && words.Contains(word) != not
        select int.Parse(Path.GetFileName(folder));

    /// <summary>The children of one.</summary>
    public static IEnumerable<int> Below(int id) =>
        Directory.Exists($"/proc/{id}/task")
            ? Directory
                .GetDirectories($"/proc/{id}/task")
                .SelectMany(task => Read(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(int.Parse)
            : [];

    /// <summary>True for one that runs: one that has ended and that nobody has asked about yet does not.</summary>
    public static bool Runs(int id)
    {
        var state = Read($"/proc/{id}/stat");
        var name = state.LastIndexOf(')');
        return name > 0 && state[name + 2] != 'Z';
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
