using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// One process at a time writes to a folder. The system lets go of the lock when its process ends, however that ends.
/// </summary>
internal static class FolderLock
{
    private const string Name = ".replay-harness-lock";

    /// <summary>How long a writer waits for another one.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(5);

    /// <summary>Whether somebody has the lock of a folder, or was stopped while he had it.</summary>
    public static bool IsThere(string folder) => File.Exists(Path.Combine(folder, Name));

    /// <summary>Takes the lock of a folder, which is made where there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="owner">The file that names who has it.</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <exception cref="BadInputException">Another process has it.</exception>
    public static FileStream Take(string folder, string owner, TimeSpan patience)
    {
        FileStream? held = null;
        IOException? why = null;
        return SpinWait.SpinUntil(() => (held = Try(folder, out why)) is not null, patience)
            ? held!
            : throw new BadInputException($"{folder}: {Who(owner)} writes here now; try again when it has ended", why!);
    }

    private static string Who(string owner)
    {
        try
        {
            return File.ReadAllText(owner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }

    private static FileStream? Try(string folder, out IOException? why)
    {
        why = null;
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, Name);
        // What a link leads to lies outside.
        if (WholeSetJournal.IsLink(file))
            File.Delete(file);
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e is DirectoryNotFoundException || IsHeld(e))
        {
            why = e;
            return null;
        }
    }

    // A sharing violation: of Windows, and as Linux and macOS number it.
    private static bool IsHeld(IOException e) => e.GetType() == typeof(IOException) && e.HResult is unchecked((int)0x80070020) or 11 or 35;
}
