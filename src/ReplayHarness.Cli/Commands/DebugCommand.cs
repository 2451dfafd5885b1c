using System.CommandLine;
using ReplayHarness.Cli.Diagnoses;
using ReplayHarness.Cli.Documents;
using ReplayHarness.Diagnosis;

namespace ReplayHarness.Cli.Commands;

/// <summary>One failed run: its signals from traces, logs and metrics, and hypotheses with the commands that would decide them.</summary>
internal static class DebugCommand
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("run")
        {
            Description = "A run's id (run_id, task_id, …), or its trace id or the first digits of it.",
            Arity = ArgumentArity.OneOrMore,
        };
        var options = new DebugOptions();
        var table = new Option<bool>("--table") { Description = "The snapshot table: a row a run." };
        var markdown = new Option<bool>("--markdown") { Description = "Markdown, for an issue or a chat." };
        var command = new Command("debug", "The snapshot of one run: signals, hypotheses, what to run next.") { runs, table, markdown };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(table) && result.GetValue(runs) is { Length: > 1 })
                result.AddError("debug shows one run; for several give --table");
        });
        command.SetAction(parsed =>
        {
            RunDiagnosis[] found = [.. new DiagnosisLoader(options, parsed).Load(parsed.GetRequiredValue(runs))];
            if (parsed.GetValue(options.Json) && parsed.GetValue(table))
                JsonOut.Write(new([.. found.Select(DiagnosisDocument.Of)]), CliJson.Relaxed.DiagnosesDocument);
            else if (parsed.GetValue(options.Json))
                JsonOut.Write(DiagnosisDocument.Of(found[0]), CliJson.Relaxed.DiagnosisDocument);
            else if (parsed.GetValue(table))
                Console.Out.Write(DiagnosisTable.Of(found));
            else if (parsed.GetValue(markdown))
                Console.Out.Write(DiagnosisMarkdown.Of(found[0]));
            else
                Console.Out.Write(DiagnosisText.Of(found[0]));
            return 0;
        });
        return command;
    }
}
