using System.Globalization;
using System.Text;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>Writes a fixture's folder. Authored responses and anything else that lies there stay as they are.</summary>
internal static class FixtureWriter
{
    /// <summary>The file of the traces that a fixture came from.</summary>
    internal const string TracesFile = "traces.otlp.jsonl";

    /// <summary>
    /// Writes <c>fixture.json</c>, its schema, the traces it came from, and a README with the provenance. Each file appears whole or not
    /// at all.
    /// </summary>
    public static void Write(string folder, Fixture fixture, IReadOnlyList<Trace> traces, IReadOnlyList<Trace> healthy)
    {
        Directory.CreateDirectory(folder);
        Replace(folder, fixture.Source.Traces, output => OtlpJson.Write(output, traces));
        if (healthy.Count > 0)
            Replace(folder, "healthy.otlp.jsonl", output => OtlpJson.Write(output, healthy));
        WriteFixture(folder, fixture);
        Replace(folder, "README.md", output => WriteText(output, Readme(fixture)));
    }

    /// <summary>
    /// Writes a fixture's own file, and its schema, in the newest version of the format; false where it is in that already.
    /// </summary>
    internal static bool Migrate(FixtureFolder folder)
    {
        using (var written = JsonDocument.Parse(JsonBytes.Of(Path.Combine(folder.Path, "fixture.json"))))
            if (written.RootElement.GetProperty("schemaVersion").GetInt32() == Fixture.CurrentVersion)
                return false;
        WriteFixture(folder.Path, folder.Fixture);
        return true;
    }

    private static void WriteFixture(string folder, Fixture fixture)
    {
        Replace(folder, "fixture.json", output => WriteText(output, JsonSerializer.Serialize(fixture, FixtureJson.Relaxed.Fixture) + "\n"));
        Replace(folder, "fixture.schema.json", CopySchema);
    }

    /// <summary>Writes the authored responses of another fixture, those that are wanted.</summary>
    internal static void WriteHttp(string folder, FixtureFolder source, Func<HttpResponseRecord, bool> wanted)
    {
        foreach (var (file, index) in source.Http.Select((f, i) => (f, i)))
        {
            var kept = file with { Responses = [.. file.Responses.Where(wanted)] };
            WriteHttp(folder, string.Create(CultureInfo.InvariantCulture, $"{index + 1}.json"), kept);
        }
    }

    /// <summary>Writes a file of http responses.</summary>
    internal static void WriteHttp(string folder, string name, HttpResponseFile responses)
    {
        var http = Directory.CreateDirectory(Path.Combine(folder, "http")).FullName;
        Replace(http, name, output => WriteText(output, JsonSerializer.Serialize(responses, FixtureJson.Relaxed.HttpResponseFile) + "\n"));
    }

    /// <summary>Writes traces alone, where there is no failure to make a fixture of.</summary>
    internal static void WriteTraces(string folder, IReadOnlyList<Trace> traces)
    {
        Directory.CreateDirectory(folder);
        Replace(folder, TracesFile, output => OtlpJson.Write(output, traces));
    }

    private static void Replace(string folder, string name, Action<Stream> write)
    {
        var temporary = Path.Combine(folder, $".{name}.new");
        using (var output = File.Create(temporary))
            write(output);
        File.Move(temporary, Path.Combine(folder, name), overwrite: true);
    }

    private static void WriteText(Stream output, string text) => output.Write(Encoding.UTF8.GetBytes(text));

    private static void CopySchema(Stream output)
    {
        using var schema = typeof(FixtureWriter).Assembly.GetManifestResourceStream("fixture.schema.json")!;
        schema.CopyTo(output);
    }

    private static string Readme(Fixture fixture)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Markdown.Text(fixture.Incident)}\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Captured from `{fixture.Source.Traces}`: {fixture.Attempts.Count} attempt(s) selected by "
                + $"{Markdown.Code(fixture.Source.Selected)},\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"the first at {fixture.CapturedAt:yyyy-MM-ddTHH:mm:ssZ}. Shape `{fixture.Shape.Fingerprint}`:\n\n"
        );
        foreach (var identity in fixture.Shape.Identity)
            text.Append(CultureInfo.InvariantCulture, $"- {Markdown.Code(identity.ToString())}\n");
        text.Append("\n| trace | turns | backoff |\n|---|---|---|\n");
        foreach (var attempt in fixture.Attempts)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {Markdown.CodeCell(attempt.TraceId)} | {attempt.Turns.Count} | {(attempt.BackoffSeconds is { } s ? $"{s} s" : "")} |\n"
            );
        text.Append("\n## Hypotheses\n\n");
        foreach (var hypothesis in fixture.Hypotheses)
            text.Append(CultureInfo.InvariantCulture, $"- {Markdown.Code(hypothesis.Name)}: {Markdown.Text(hypothesis.Claim)}\n");
        text.Append("\n## Provenance\n\n- model turns and tool behaviours: the traces above;\n");
        foreach (var call in fixture.Hypotheses.SelectMany(h => h.Healthy).DistinctBy(h => h.TraceId))
            text.Append(
                CultureInfo.InvariantCulture,
                $"- how {Markdown.Text(call.Tool)} goes when it is healthy: trace {Markdown.Code(call.TraceId)} in `healthy.otlp.jsonl`;\n"
            );
        text.Append("- http responses, where `http/` holds any: authored; each file says from what.\n\n## Redaction\n\n");
        foreach (var redaction in fixture.Redactions)
            text.Append(
                CultureInfo.InvariantCulture,
                $"- {redaction.Kind}: {redaction.Values} value(s) in {redaction.Occurrences} "
                    + $"place(s){(redaction.Places is { Count: > 0 } places ? $": {string.Join(", ", places)}" : "")}\n"
            );
        if (fixture.Redactions.Count == 0)
            text.Append("Nothing was found to redact (secrets, personal data).\n");
        return text.ToString();
    }
}
