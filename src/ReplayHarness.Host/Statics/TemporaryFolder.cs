namespace ReplayHarness.Host.Statics;

/// <summary>The temporary folder that agent code sees: empty when a schedule begins, so that none finds what another left.</summary>
internal static class TemporaryFolder
{
    // What Path.GetTempPath reads: the first on Unix, the others on Windows.
    private static readonly string[] s_variables = ["TMPDIR", "TMP", "TEMP"];

    private static DirectoryInfo? s_folder;

    /// <summary>A schedule begins.</summary>
    public static void Begin()
    {
        s_folder ??= Create();
        // An agent may have removed it.
        s_folder.Create();
        foreach (var left in s_folder.EnumerateFileSystemInfos())
            Delete(left);
    }

    private static DirectoryInfo Create()
    {
        var folder = Directory.CreateTempSubdirectory("replay-");
        foreach (var variable in s_variables)
            Environment.SetEnvironmentVariable(variable, folder.FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(folder);
        return folder;
    }

    private static void Delete(FileSystemInfo what)
    {
        try
        {
            if (what is DirectoryInfo folder && what.LinkTarget is null)
                folder.Delete(recursive: true);
            else
                what.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What the agent still holds open, it keeps.
        }
    }
}
