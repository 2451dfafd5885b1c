using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.WireMock;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Commands;

/// <summary>Any source as OTLP/JSON; a fixture's http responses as mapping files of WireMock, and the reverse.</summary>
internal static class ConvertCommand
{
    private const string Otlp = "otlp",
        WireMock = "wiremock",
        WireMockNet = "wiremock-net",
        Http = "http";

    private static readonly string[] s_forms = [Otlp, WireMock, WireMockNet, Http];

    public static Command Create()
    {
        var source = new Source();
        var selection = new Selection();
        var to = new Option<string>("--to")
        {
            Description =
                "otlp: OTLP/JSON, one request a line, a line a trace. wiremock, wiremock-net: the http responses of a fixture "
                + "as mappings. http: mappings of WireMock or WireMock.Net as a file of a fixture's folder http/.",
            DefaultValueFactory = _ => Otlp,
        };
        to.CompletionSources.Add(s_forms);
        var output = new Option<string?>("--out") { Description = "The file to write; standard output where it is left out." };
        var baseUrl = new Option<string?>("--base-url")
        {
            Description = "With --to http: the host of mappings that name none, for example https://api.example.",
        };
        var command = new Command(
            "convert",
            "Writes the traces of any source as OTLP/JSON, or http responses as WireMock mappings and back."
        )
        {
            to,
            output,
            baseUrl,
        };
        selection.AddOptionalTo(command);
        source.AddTo(command);
        command.Validators.Add(result => Validate(result, to, baseUrl));
        command.SetAction(parsed =>
        {
            var url = parsed.GetValue(baseUrl) is { } text ? new Uri(text) : null;
            if (parsed.GetValue(to) == Otlp)
                WriteTraces(source, parsed, selection.Query(parsed), parsed.GetValue(output));
            else
                Run(source.Named(parsed).Reveal(), parsed.GetValue(to)!, parsed.GetValue(output), url);
        });
        return command;
    }

    private static void Warn(string line) => Console.Error.WriteLine($"replay-harness: {line}");

    private static void Validate(CommandResult result, Option<string> to, Option<string?> baseUrl)
    {
        if (result.GetValue(to) is { } form && !s_forms.Contains(form))
            result.AddError($"--to {form}: expected {string.Join(", ", s_forms)}");
        if (result.GetValue(baseUrl) is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            result.AddError($"--base-url {url}: expected http://HOST or https://HOST");
    }

    private static void Run(string name, string form, string? output, Uri? baseUrl)
    {
        if (form == Http)
            WriteText(WireMockFiles.Read(name, baseUrl, Warn), output);
        else
            WriteText(
                WireMockFiles.Write(
                    Mending.Load(name),
                    form == WireMock ? WireMockDialect.WireMock : WireMockDialect.WireMockNet,
                    Warn
                ),
                output
            );
    }

    private static void WriteTraces(Source source, ParseResult parsed, TraceQuery query, string? output) =>
        Write(output, stream => OtlpJson.Write(stream, source.Stream(parsed, query)));

    private static void WriteText(string text, string? output) => Write(output, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static void Write(string? output, Action<Stream> write)
    {
        if (output is null)
        {
            using var standard = Console.OpenStandardOutput();
            write(standard);
            return;
        }
        var draft = output + ".part";
        using (var file = File.Create(draft))
            write(file);
        File.Move(draft, output, overwrite: true);
    }
}
