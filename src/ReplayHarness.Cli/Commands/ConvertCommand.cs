using System.CommandLine;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>Any source as OTLP/JSON.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var source = new Source();
        var to = new Option<string>("--to") { Description = "otlp: OTLP/JSON, one request a line, a line a trace.", DefaultValueFactory = _ => "otlp" };
        var output = new Option<string?>("--out") { Description = "The file to write; standard output where it is left out." };
        var command = new Command("convert", "Writes the traces of any source as OTLP/JSON.") { to, output };
        source.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(to) is { } form && form != "otlp") result.AddError($"--to {form}: expected otlp");
        });
        command.SetAction(parsed => Run(source, parsed, parsed.GetValue(output)));
        return command;
    }

    private static int Run(Source source, ParseResult parsed, string? output)
    {
        if (output is null)
        {
            using var standard = Console.OpenStandardOutput();
            OtlpJson.Write(standard, source.Stream(parsed, TraceQuery.All));
            return 0;
        }
        var draft = output + ".part";
        using (var file = File.Create(draft)) OtlpJson.Write(file, source.Stream(parsed, TraceQuery.All));
        File.Move(draft, output, overwrite: true);
        return 0;
    }
}
