using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Fixtures.Redacting;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Server.Recording;

/// <summary>Makes a fixture's folder of a recording.</summary>
public static class RecordedFixture
{
    private const string Selected = "recorded from the wire";

    /// <summary>
    /// Writes the folder, redacted: what the agent's requests kept secret is in none of its files. Of a run that went well only the trace
    /// is written, and the responses.
    /// </summary>
    /// <param name="folder">The folder; its name is the incident's.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="healthy">Traces that show the calls that failed as they go when nothing is wrong; may be empty.</param>
    /// <param name="redaction">What is redacted beyond the usual, and what is not.</param>
    /// <returns>The fixture; null where the run went well, so that there is nothing to replay.</returns>
    public static FixtureFolder? Write(string folder, Recording recording, IReadOnlyList<Trace> healthy, RedactionOptions redaction)
    {
        var redactor = new Redactor(redaction with { Known = [.. redaction.Known, .. recording.Secrets] });
        // What any of it holds is replaced in all of it.
        redactor.Learn([recording.Trace, .. healthy]);
        foreach (var response in recording.Responses)
        foreach (var text in (string?[])[response.Url, response.RequestBody?.GetRawText(), response.Body?.GetRawText()])
            redactor.Learn(text ?? "");
        var trace = redactor.Redact(recording.Trace);
        Trace[] clean = [.. healthy.Select(redactor.Redact)];
        var calls = AgentRuns.Read([trace, .. clean]).SelectMany(r => r.ToolCalls).ToArray();
        HttpResponseRecord[] responses =
        [
            .. recording
                .Responses.Select(r => Redacted(r, redactor))
                .Select(r => WithResult(r, calls))
                .DistinctBy(r => (r.Method, r.Url, r.RequestBody?.GetRawText())),
        ];
        Dictionary<string, HttpResponseFile> http = new(StringComparer.Ordinal);
        if (responses.Length > 0)
            http["recorded.json"] = new("Recorded from the wire.", responses);
        if (new Incident([.. AgentRuns.Read(trace).Select(r => InspectedRun.Of(r))]).Shape.IsHealthy)
        {
            FixtureWriter.WriteTraces(folder, [trace], http);
            return null;
        }
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var fixture = Capture.Create(name, Selected, [trace], clean, redactor.Redactions);
        FixtureWriter.Write(folder, fixture, [trace], clean, http);
        return FixtureFolder.Load(folder);
    }

    private static HttpResponseRecord Redacted(HttpResponseRecord response, Redactor redactor) =>
        response with
        {
            Url = redactor.Redact(response.Url, "http url"),
            RequestBody = Redacted(response.RequestBody, redactor),
            Body = Redacted(response.Body, redactor),
        };

    private static JsonElement? Redacted(JsonElement? body, Redactor redactor) =>
        body is { } known ? JsonElement.Parse(redactor.Redact(known.GetRawText(), "http body")) : null;

    // A response that is just a call's result says so: it then also fails as the call did, where that is replayed.
    private static HttpResponseRecord WithResult(HttpResponseRecord response, ToolCall[] calls)
    {
        var body = response.Body is { } known ? Json.Canonical(FixtureIndex.TextOf(known)) : null;
        return
            Array.Find(calls, c => c is { Error: null, Result: not null, Arguments: not null } && Json.Canonical(c.Result) == body)
                is { } call
            ? response with
            {
                Body = null,
                BodyFromResult = new(call.Name, JsonElement.Parse(call.Arguments!)),
            }
            : response;
    }
}
