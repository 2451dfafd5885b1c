using NUnit.Framework;
using ReplayHarness.Diagnosis;
using ReplayHarness.Running;

namespace ReplayHarness.NUnit;

/// <summary>
/// The command that runs a failed test again: through its project where that is known, else through the command-line tool.
/// </summary>
internal static class Rerun
{
    /// <summary>The test property that holds the path of the test's project.</summary>
    public const string ProjectProperty = "ReplayHarness.Project";

    /// <summary>The project file nearest above a source file, or null.</summary>
    public static string? ProjectOf(string sourceFile)
    {
        for (var folder = Path.GetDirectoryName(sourceFile); folder is not null; folder = Path.GetDirectoryName(folder))
            if (
                Directory.Exists(folder)
                && Directory.EnumerateFiles(folder, "*.csproj").Order(StringComparer.Ordinal).FirstOrDefault() is { } project
            )
                return project;
        return null;
    }

    /// <summary>The command for the test that runs now.</summary>
    public static string Command(ReplayJob job)
    {
        var test = TestContext.CurrentContext.Test;
        return test.Properties.Get(ProjectProperty) is string project
            ? $"dotnet test --project {ShellWord.Of(project)} --filter \"Name={Escaped(test.Name)}\""
            : RerunCommand.Of(job);
    }

    // What has a meaning in a filter expression.
    private static string Escaped(string name) =>
        string.Concat(name.Select(c => "()&|=!~\\".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));
}
