namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Users in paths: <c>/home/USER</c>, <c>/Users/USER</c>, <c>C:\Users\USER</c>.</summary>
internal static class Folders
{
    private static readonly string[] s_homes = ["/home/", "/Users/", "\\Users\\", "/var/mail/", "Documents and Settings\\"];

    /// <summary>Adds the users of a text.</summary>
    public static void Find(string text, List<Find> found)
    {
        foreach (var home in s_homes)
            for (
                var at = text.IndexOf(home, StringComparison.Ordinal);
                at >= 0;
                at = text.IndexOf(home, at + home.Length, StringComparison.Ordinal)
            )
            {
                // A part of an address of the web is none.
                if (home[0] == '/' && !Glyphs.Begins(text, at) && !IsDrive(text, at))
                    continue;
                var start = at + home.Length;
                while (start < text.Length && text[start] == '\\')
                    start++;
                var end = EndOf(text, start, home[^1]);
                if (
                    end - start >= 2
                    && Checks.IsUser(text[start..end])
                    && (IsPath(text, end) || (home == "/home/" && text[start..end].Any(c => !char.IsLetter(c))))
                )
                    found.Add(new("user-folder", start, end - start));
            }
    }

    private static bool IsPath(string text, int end) => end < text.Length && text[end] is '/' or '\\';

    private static bool IsDrive(string text, int at) => at >= 2 && (text[at - 2] == '/' || text[at - 1] == ':');

    private static int EndOf(string text, int start, char sign)
    {
        var end = Run(text, start);
        // Windows has users with a space in their names.
        if (
            sign == '\\'
            && end < text.Length
            && text[end] == ' '
            && Run(text, end + 1) is var second
            && second > end + 1
            && second < text.Length
            && text[second] == '\\'
        )
            return second;
        while (end > start && text[end - 1] is '.')
            end--;
        return end;
    }

    private static int Run(string text, int at)
    {
        while (at < text.Length && (Glyphs.IsWord(text[at]) || text[at] is '.' or '_' or '-'))
            at++;
        return at;
    }
}
