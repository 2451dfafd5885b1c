namespace ReplayHarness.Traces.Containers;

/// <summary>Temporary files that are gone when they are closed.</summary>
internal static class TempFile
{
    /// <summary>A stream's content, from its beginning.</summary>
    public static FileStream CopyOf(Stream content)
    {
        var name = Path.GetTempFileName();
        FileStream? file = null;
        try
        {
            file = new FileStream(
                name,
                FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete,
                1 << 16,
                FileOptions.DeleteOnClose
            );
            // Elsewhere than on Windows an open file needs no name: nothing stays behind even if the process is killed.
            if (!OperatingSystem.IsWindows())
                File.Delete(name);
            content.CopyTo(file);
            file.Position = 0;
            return file;
        }
        catch
        {
            file?.Dispose();
            File.Delete(name);
            throw;
        }
    }
}
