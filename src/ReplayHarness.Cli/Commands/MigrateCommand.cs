using System.CommandLine;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Cli.Commands;

/// <summary>Writes fixtures of older versions of the format in the newest one.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var fixtures = new Argument<string[]>("fixture")
        {
            Description = "Folders of fixtures, or the paths of their fixture.json.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "migrate",
            "Writes fixtures of an older version of the format in the newest one. They are read without that, too."
        )
        {
            fixtures,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(fixtures)));
        return command;
    }

    private static int Run(string[] fixtures)
    {
        foreach (var fixture in fixtures)
            Mending.BeforeReading(fixture);
        // All are read before one is written.
        foreach (var folder in fixtures.Select(FixtureFolder.Load).ToArray())
            Console.Out.WriteLine($"{folder.Path}: {(FixtureWriter.Migrate(folder) ? "migrated" : "is in the newest version already")}");
        return (int)ExitCode.Ok;
    }
}
