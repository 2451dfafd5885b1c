using ReplayHarness.Traces;

namespace ReplayHarness.Evidence;

/// <summary>Files that are written whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes under a name beside it that nobody else uses, and then renames.</summary>
    public static void Write(string file, string text)
    {
        var draft = DraftName.Of(file);
        try
        {
            File.WriteAllText(draft, text);
            File.Move(draft, file, overwrite: true);
        }
        catch
        {
            // On a full disk, for example, nothing of it stays.
            File.Delete(draft);
            throw;
        }
    }
}
