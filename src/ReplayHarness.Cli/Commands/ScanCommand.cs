using System.CommandLine;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Fixtures.Redacting;

namespace ReplayHarness.Cli.Commands;

/// <summary>Whether anything in fixtures looks like a secret or like personal data: for CI.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path")
        {
            Description = "Files, or folders whose text files are looked through.",
            Arity = ArgumentArity.OneOrMore,
        };
        var keep = Redactions.KeepOption();
        var (rules, names) = (Redactions.RulesOption(), Redactions.NamesOption());
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("scan", "Fails where a fixture holds something that looks like a secret or like personal data.")
        {
            paths,
            keep,
            rules,
            names,
            json,
        };
        command.Validators.Add(result => Redactions.Validate(result, keep));
        command.SetAction(parsed =>
            Run(
                parsed.GetRequiredValue(paths),
                Redactions.Options(parsed, keep, null, rules, names),
                parsed.GetValue(json)
            )
        );
        return command;
    }

    private static int Run(string[] paths, RedactionOptions options, bool json)
    {
        void Skipped(string line) => Console.Error.WriteLine($"replay-harness: {line}");
        SecretFinding[] found = [.. paths.SelectMany(path => SecretScan.Of(path, options, Skipped))];
        if (json)
            JsonOut.Write(new(found), CliJson.Relaxed.ScanDocument);
        else
            foreach (var finding in found)
                Console.Out.WriteLine($"{finding}");
        if (found.Length == 0 && !json)
            Console.Out.WriteLine("nothing looks like a secret or like personal data");
        if (found.Length > 0)
        {
            Console.Error.WriteLine(
                $"replay-harness: {found.Length} place(s) look like secrets or personal data; capture the fixture again "
                    + "(redaction is on by default), replace them by hand, or name a kind that is none with --keep"
            );
            Console.Error.WriteLine($"rerun: {Invocation.Again()}");
        }
        return (int)(found.Length == 0 ? ExitCode.Ok : ExitCode.Failure);
    }
}
