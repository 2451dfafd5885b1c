using System.Text.Json;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Diagnosis;

/// <summary>What one hypothesis of a fixture came to in a replay.</summary>
/// <param name="Name">The hypothesis.</param>
/// <param name="Verdict">Its verdict.</param>
/// <param name="Remaining">Rules whose findings still show.</param>
/// <param name="Sentence">The verdict's own sentence.</param>
/// <param name="Races">The races that were found between two awaits, as sentences without their full stops, the worst first.</param>
internal sealed record ReplayedHypothesis(
    string Name,
    string Verdict,
    IReadOnlyList<string> Remaining,
    string Sentence,
    IReadOnlyList<string> Races
);

/// <summary>What a replay has shown, as <c>run --json</c> prints it.</summary>
/// <param name="File">The file it was read from.</param>
/// <param name="Fingerprint">The shape that the fixture was captured with.</param>
/// <param name="Hypotheses">Its hypotheses.</param>
internal sealed record ReplayEvidence(string File, string Fingerprint, IReadOnlyList<ReplayedHypothesis> Hypotheses)
{
    /// <summary>Reads the document that <c>run --json</c> printed.</summary>
    /// <exception cref="BadInputException">There is no such file, or it holds something else.</exception>
    public static ReplayEvidence Read(string file)
    {
        const string Expected = "expected what replay-harness run FIXTURE --agent DLL --json printed";
        if (!System.IO.File.Exists(file))
            throw new BadInputException($"{file}: there is no such file; {Expected}");
        try
        {
            using var document = JsonDocument.Parse(JsonBytes.Of(file), JsonContainer.Options);
            var root = document.RootElement;
            var fingerprint =
                root.Member("captured")?.Text("fingerprint")
                ?? throw new BadInputException($"{file}: $.captured.fingerprint: is missing; {Expected}");
            return new(
                file,
                fingerprint,
                [
                    .. root.Items("hypotheses")
                        .Select(h => new ReplayedHypothesis(
                            h.Text("name") ?? "",
                            h.Text("verdict") ?? "",
                            [.. h.Items("remaining").Select(r => r.GetString() ?? "")],
                            h.Text("sentence") ?? "",
                            [.. h.Items("races").Select(r => r.Member("race")).OfType<JsonElement>().Select(RaceIn)]
                        )),
                ]
            );
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or WrongFormException)
        {
            throw new BadInputException($"{file}: {e.Message.TrimEnd('.')}; {Expected}");
        }
    }

    // What is shared, and where.
    private static string RaceIn(JsonElement race) =>
        $"{race.Text("shared")} is shared: {AccessIn(race.Member("first"))}, {AccessIn(race.Member("second"))}, "
        + "and nothing puts them in order";

    private static string AccessIn(JsonElement? access) =>
        access is { } it
            ? $"{it.Text("method")}{(it.Text("where") is { Length: > 0 } where ? $" ({where})" : "")} {it.Text("does")} it"
            : "?";
}
