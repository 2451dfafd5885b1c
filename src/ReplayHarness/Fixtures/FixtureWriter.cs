using System.Globalization;
using System.Text;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>Writes a fixture's folder, all of it or nothing. Authored responses and anything else that lies there stay.</summary>
internal static class FixtureWriter
{
    /// <summary>The file of the traces that a fixture came from.</summary>
    internal const string TracesFile = "traces.otlp.jsonl";

    /// <summary>The file of the traces in which the calls that failed went well.</summary>
    internal const string HealthyFile = "healthy.otlp.jsonl";

    /// <summary>
    /// Writes <c>fixture.json</c>, its schema, the traces it came from, a README with the provenance, and files of http responses. They
    /// appear together or not at all.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="fixture">What <c>fixture.json</c> is to hold; the hashes of the traces are added.</param>
    /// <param name="traces">The traces.</param>
    /// <param name="healthy">Those of <see cref="HealthyFile"/>; there is none where this is empty.</param>
    /// <param name="http">The files of <c>http/</c> by name; null for none. Others that lie there stay.</param>
    /// <param name="afterEach">Told of each step that changed something on the disk.</param>
    public static void Write(
        string folder,
        Fixture fixture,
        IReadOnlyList<Trace> traces,
        IReadOnlyList<Trace> healthy,
        IReadOnlyDictionary<string, HttpResponseFile>? http = null,
        Action? afterEach = null
    )
    {
        using var set = WholeSet.Begin(folder, afterEach: afterEach);
        set.Write(fixture.Source.Traces, output => OtlpJson.Write(output, traces));
        if (healthy.Count > 0)
            set.Write(HealthyFile, output => OtlpJson.Write(output, healthy));
        var source = fixture.Source with
        {
            TracesHash = TracesHash.Of(set.Draft(fixture.Source.Traces)),
            HealthyHash = healthy.Count > 0 ? TracesHash.Of(set.Draft(HealthyFile)) : null,
        };
        WriteFixture(set, fixture with { Source = source });
        set.Write("README.md", output => WriteText(output, Readme(fixture)));
        WriteHttp(set, http);
        set.Commit();
    }

    /// <summary>
    /// Writes a fixture's own file, and its schema, in the newest version of the format; false where it is in that already.
    /// </summary>
    internal static bool Migrate(FixtureFolder folder)
    {
        using (var written = JsonDocument.Parse(JsonBytes.Of(Path.Combine(folder.Path, FixtureFolder.FileName))))
            if (written.RootElement.GetProperty("schemaVersion").GetInt32() == Fixture.CurrentVersion)
                return false;
        using var set = WholeSet.Begin(folder.Path);
        var source = folder.Fixture.Source with
        {
            TracesHash = TracesHash.IfThere(folder.Traces),
            HealthyHash = TracesHash.IfThere(Path.Combine(folder.Path, HealthyFile)),
        };
        WriteFixture(set, folder.Fixture with { Source = source });
        set.Commit();
        return true;
    }

    /// <summary>The authored responses of a fixture, those that are wanted, as files of another one.</summary>
    internal static IReadOnlyDictionary<string, HttpResponseFile> HttpOf(FixtureFolder source, Func<HttpResponseRecord, bool> wanted) =>
        source
            .Http.Select((file, i) => (file, i))
            .ToDictionary(
                f => string.Create(CultureInfo.InvariantCulture, $"{f.i + 1}.json"),
                f => f.file with { Responses = [.. f.file.Responses.Where(wanted)] },
                StringComparer.Ordinal
            );

    /// <summary>Writes traces alone, where there is no failure to make a fixture of, and files of http responses; all or none.</summary>
    internal static void WriteTraces(string folder, IReadOnlyList<Trace> traces, IReadOnlyDictionary<string, HttpResponseFile>? http = null)
    {
        using var set = WholeSet.Begin(folder);
        set.Write(TracesFile, output => OtlpJson.Write(output, traces));
        WriteHttp(set, http);
        set.Commit();
    }

    private static void WriteFixture(WholeSet set, Fixture fixture)
    {
        set.Write(
            FixtureFolder.FileName,
            output => WriteText(output, JsonSerializer.Serialize(fixture, FixtureJson.Relaxed.Fixture) + "\n")
        );
        set.Write("fixture.schema.json", CopySchema);
    }

    private static void WriteHttp(WholeSet set, IReadOnlyDictionary<string, HttpResponseFile>? files)
    {
        foreach (var (name, responses) in files ?? new Dictionary<string, HttpResponseFile>(StringComparer.Ordinal))
            set.Write(
                $"{FixtureFolder.HttpName}/{name}",
                output => WriteText(output, JsonSerializer.Serialize(responses, FixtureJson.Relaxed.HttpResponseFile) + "\n")
            );
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
                $"- how {Markdown.Text(call.Tool)} goes when it is healthy: trace {Markdown.Code(call.TraceId)} in `{HealthyFile}`;\n"
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
