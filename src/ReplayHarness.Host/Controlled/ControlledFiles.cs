#pragma warning disable CA2000 // Whoever opens a file closes it.
using System.Collections;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>Files that rewritten code opens without saying for what, and folders that it lets the system name.</summary>
public static class ControlledFiles
{
    /// <summary>Instead of <see cref="FileStream(string, FileMode)"/>.</summary>
    [Replaces(typeof(FileStream), ".ctor")]
    public static FileStream New(string path, FileMode mode) =>
        Opened(path, mode, FileShare.Read, "new FileStream") ?? new FileStream(path, mode);

    /// <summary>Instead of <see cref="File.Open(string, FileMode)"/>.</summary>
    [Replaces(typeof(File), "Open")]
    public static FileStream Open(string path, FileMode mode) => Opened(path, mode, FileShare.None, "File.Open") ?? File.Open(path, mode);

    /// <summary>Instead of <see cref="FileInfo.Open(FileMode)"/>.</summary>
    [Replaces(typeof(FileInfo), "Open", Instance = true)]
    public static FileStream Open(FileInfo file, FileMode mode)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Opened(file.FullName, mode, FileShare.None, "FileInfo.Open") ?? file.Open(mode);
    }

    /// <summary>Instead of <see cref="Directory.CreateTempSubdirectory"/>: a name that counts.</summary>
    [Replaces(typeof(Directory), "CreateTempSubdirectory")]
    public static DirectoryInfo TemporaryFolder(string? prefix)
    {
        if (Kernel.Current is not { } kernel)
            return Directory.CreateTempSubdirectory(prefix);
        return Directory.CreateDirectory(Path.Combine(TemporaryPath(), $"{prefix}{kernel.NextId():x6}"));
    }

    /// <summary>Instead of <see cref="Path.GetTempPath"/>.</summary>
    [Replaces(typeof(Path), "GetTempPath")]
    public static string TemporaryPath()
    {
        Statics.TemporaryFolder.NoteUse();
        return Path.GetTempPath();
    }

    /// <summary>Instead of <see cref="Environment.GetEnvironmentVariable(string)"/>: one may name the temporary folder.</summary>
    [Replaces(typeof(Environment), "GetEnvironmentVariable", From = Caller.Library)]
    public static string? Variable(string variable)
    {
        if (Statics.TemporaryFolder.IsNamedBy(variable))
            Statics.TemporaryFolder.NoteUse();
        return Environment.GetEnvironmentVariable(variable);
    }

    /// <summary>Instead of <see cref="Environment.GetEnvironmentVariables()"/>: some of them name the temporary folder.</summary>
    [Replaces(typeof(Environment), "GetEnvironmentVariables")]
    public static IDictionary Variables()
    {
        Statics.TemporaryFolder.NoteUse();
        return Environment.GetEnvironmentVariables();
    }

    /// <summary>Instead of <see cref="Environment.ExpandEnvironmentVariables"/>.</summary>
    [Replaces(typeof(Environment), "ExpandEnvironmentVariables")]
    public static string Expanded(string name)
    {
        Statics.TemporaryFolder.NoteUse();
        return Environment.ExpandEnvironmentVariables(name);
    }

    // One that is there in the temporary folder, or that is made anew, needs no watching.
    private static WatchedFile? Opened(string path, FileMode mode, FileShare share, string member)
    {
        if (Kernel.Current is not { } kernel || FileWrites.PathOf(path) is not { } full || !FileWrites.IsOutside(full))
            return null;
        if (mode == FileMode.Open)
            return new(path, share, member, ControlledReflection.CallingMethod());
        kernel.NoteUncontrolled($"{member}: {FileWrites.Advice(full)}{ControlledReflection.CallingMethod()}");
        return null;
    }
}
