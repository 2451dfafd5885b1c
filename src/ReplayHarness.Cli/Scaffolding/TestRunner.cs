using ReplayHarness.Diagnosis;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>
/// How a test project is run: the first global.json above where a command is typed chooses the runner of <c>dotnet test</c>.
/// </summary>
internal static class TestRunner
{
    /// <summary>Says what to type where the tool was started.</summary>
    public static void TellHowToTest(string tests)
    {
        if (IsChosenFor(Directory.GetCurrentDirectory()))
            Console.Out.WriteLine($"next: dotnet test --project {NextCommands.Quoted(tests)}");
        else if (IsChosenFor(Path.GetFullPath(tests)))
        {
            Console.Out.WriteLine($"next: cd {NextCommands.Quoted(tests)}");
            Console.Out.WriteLine("next: dotnet test");
        }
        else
            // A global.json that is its owner's chooses none, or another.
            Console.Out.WriteLine($"next: dotnet run --project {NextCommands.Quoted(tests)}");
    }

    private static bool IsChosenFor(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Path.Combine(folder, IncidentScaffold.GlobalFile) is var file && File.Exists(file))
                return File.ReadAllText(file).Contains("Microsoft.Testing.Platform", StringComparison.Ordinal);
        return false;
    }
}
