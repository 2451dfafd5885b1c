using System.CommandLine;

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
        Snapshot[] received = [.. folders.SelectMany(Snapshots.Received)];
        foreach (var snapshot in received)
        {
            var what =
                snapshot.IsNew ? "new"
                : snapshot.FirstDifference() is var line and > 0 ? FormattableString.Invariant($"differs from line {line} on")
                : "the same";
            Console.Out.WriteLine($"{(list ? "received" : "accepted")}: {snapshot.Verified} ({what})");
            if (!list)
                File.Move(snapshot.Received, snapshot.Verified, overwrite: true);
        }
        foreach (var orphan in folders.SelectMany(Snapshots.Orphaned))
            Console.Out.WriteLine($"orphaned: {orphan} (no test beside it writes it; delete it)");
        if (received.Length == 0)
            Console.Out.WriteLine("no snapshot waits to be accepted");
        return (int)(list && received.Length > 0 ? ExitCode.Failure : ExitCode.Ok);
    }
}
