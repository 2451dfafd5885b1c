#pragma warning disable RS0030 // Names of drafts are the one thing here that has to differ from run to run: this file owns them.
namespace ReplayHarness.Traces;

/// <summary>
/// Names under which files and folders are made before they are renamed to their own. They are random: the ids of processes are equal in
/// two containers that write to one volume.
/// </summary>
internal static class DraftName
{
    /// <summary>A name beside a path, which nobody else uses.</summary>
    public static string Of(string path) => $"{path}.{Guid.NewGuid():n}";
}
