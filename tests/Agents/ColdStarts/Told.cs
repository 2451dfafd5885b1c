namespace ColdStarts;

/// <summary>What initialisers have said so far, in order.</summary>
public static class Told
{
    private static readonly List<string> s_lines = [];

    public static int Say(string line, int value = 0)
    {
        s_lines.Add(line);
        return value;
    }

    public static string Take()
    {
        var all = string.Join(',', s_lines);
        s_lines.Clear();
        return all;
    }
}
