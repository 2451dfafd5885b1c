using System.CommandLine;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Cli.Commands;

/// <summary>Accepts what snapshot tests have received, once it was read.</summary>
internal static class AcceptCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("folder")
        {
            Description = "Folders that are searched, with all below them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var list = new Option<bool>("--list") { Description = "Only lists what would be accepted, and exits 1 where there is anything." };
        var command = new Command(
            "accept",
            "Accepts snapshots: *.received.* takes the place of *.verified.*. Snapshots that no test writes any more are named."
        )
        {
            folders,
            list,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folders), parsed.GetValue(list)));
        return command;
    }

    private static int Run(string[] folders, bool list)
    {
        var found = folders.Select(folder => list ? List(folder) : Accept(folder)).Sum();
        foreach (var orphan in folders.SelectMany(Snapshots.Orphaned))
            Console.Out.WriteLine($"orphaned: {orphan} (no test beside it writes it; delete it)");
        if (found == 0)
            Console.Out.WriteLine("no snapshot waits to be accepted");
        return (int)(list && found > 0 ? ExitCode.Failure : ExitCode.Ok);
    }

    private static int List(string folder)
    {
        Snapshot[] received = [.. Snapshots.Received(folder)];
        foreach (var snapshot in received)
            Console.Out.WriteLine($"received: {snapshot.Verified} ({Changed(snapshot)})");
        return received.Length;
    }

    // All of a folder, or none.
    private static int Accept(string folder)
    {
        Mending.BeforeWriting(folder);
        if (!Snapshots.Received(folder).Any())
            return 0;
        List<string> said = [];
        using (var set = WholeSet.Begin(folder))
        {
            foreach (var snapshot in Snapshots.Received(folder))
            {
                said.Add($"accepted: {snapshot.Verified} ({Changed(snapshot)})");
                set.Move(Path.GetRelativePath(folder, snapshot.Received), Path.GetRelativePath(folder, snapshot.Verified));
            }
            set.Commit();
        }
        said.ForEach(Console.Out.WriteLine);
        return said.Count;
    }

    private static string Changed(Snapshot snapshot) =>
        snapshot.IsNew ? "new"
        : snapshot.FirstDifference() is var line and > 0 ? FormattableString.Invariant($"differs from line {line} on")
        : "the same";
}
