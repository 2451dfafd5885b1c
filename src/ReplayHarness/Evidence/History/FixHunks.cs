using System.Globalization;
using System.Text;

namespace ReplayHarness.Evidence.History;

/// <summary>A hunk of a fix, as <c>git diff</c> parts it.</summary>
/// <param name="File">The file, relative to the repository.</param>
/// <param name="Line">Its first line in the mended file, from 1.</param>
/// <param name="Changed">The first line that it adds or takes away, with its sign.</param>
/// <param name="Patch">A patch of this hunk alone.</param>
internal sealed record FixHunk(string File, int Line, string Changed, string Patch);

/// <summary>Parts what <c>git diff</c> prints into patches of a hunk each.</summary>
internal static class FixHunks
{
    /// <summary>The hunks in their order; binary files have none.</summary>
    public static IEnumerable<FixHunk> In(string diff)
    {
        var (head, hunk) = (new StringBuilder(), new StringBuilder());
        var inHead = false;
        foreach (var line in diff.Split('\n'))
        {
            if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                foreach (var made in Made(head, hunk))
                    yield return made;
                head.Clear();
                inHead = true;
            }
            if (line.StartsWith("@@ ", StringComparison.Ordinal))
            {
                foreach (var made in Made(head, hunk))
                    yield return made;
                inHead = false;
            }
            (inHead ? head : hunk).Append(line).Append('\n');
        }
        foreach (var made in Made(head, hunk))
            yield return made;
    }

    private static IEnumerable<FixHunk> Made(StringBuilder head, StringBuilder hunk)
    {
        if (head.Length > 0 && hunk.Length > 0)
            yield return Of(head.ToString(), hunk.ToString());
        hunk.Clear();
    }

    private static FixHunk Of(string head, string hunk)
    {
        var lines = hunk.Split('\n');
        var file = Named(head, "+++ b/") ?? Named(head, "--- a/") ?? "";
        // @@ -12,7 +12,9 @@
        var first = int.Parse(lines[0].Split('+')[1].Split(',', ' ')[0], CultureInfo.InvariantCulture);
        var before = lines.Skip(1).TakeWhile(l => l.StartsWith(' ')).Count();
        var changed = lines.Skip(1).FirstOrDefault(l => l.Length > 0 && l[0] is '+' or '-' && l[1..].Trim().Length > 0) ?? "";
        return new(file, first + before, changed.Length == 0 ? "" : $"{changed[0]} {changed[1..].Trim()}", head + hunk);
    }

    private static string? Named(string head, string mark) =>
        head.Split('\n').FirstOrDefault(l => l.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..].TrimEnd('\t');
}
