using System.Globalization;
using System.Text.Json;
using ReplayHarness.Evidence;
using ReplayHarness.Judging;
using ReplayHarness.Reports;
using ReplayHarness.Reports.Page;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet.Page;

/// <summary>
/// Rows as one HTML file that loads nothing: a table to filter, to sort and to go through with keys. What fixtures and agents say is data
/// to it and never markup, as in the report of one incident, whose parts it is made of.
/// </summary>
internal static class FleetPage
{
    private static readonly string[] s_shared = ["dom.js", "theme.js", "rows.js"],
        s_own = ["grid.js", "copy.js", "columns.js", "job.js", "fleet.js"];

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string file, IReadOnlyList<FleetRow> rows) =>
        WholeFile.Write(file, Of(rows, Path.GetDirectoryName(Path.GetFullPath(file))!));

    // Equal for equal rows.
    private static string Of(IReadOnlyList<FleetRow> rows, string folder)
    {
        var own = typeof(FleetPage).Assembly;
        var json = new FleetPageJson(new JsonSerializerOptions(FleetPageJson.Default.Options) { Encoder = PageFile.Encoder });
        return PageFile.Of(
            "replays",
            PageFile.Part("fleet.html", own),
            PageFile.Part("page.css") + PageFile.Part("grid.css", own),
            s_shared.Select(name => PageFile.Part(name)).Concat(s_own.Select(name => PageFile.Part(name, own))),
            JsonSerializer.Serialize(Data(rows, folder), json.FleetPageData)
        );
    }

    private static FleetPageData Data(IReadOnlyList<FleetRow> rows, string folder)
    {
        var texts = new Texts();
        FleetPageJob[] jobs = [.. rows.Select(row => Job(row, texts, folder))];
        string[] hypotheses = [.. jobs.SelectMany(j => j.Hypotheses.Select(h => h.Name)).Distinct(StringComparer.Ordinal)];
        return new(VerdictNames.All, hypotheses, jobs, texts.All);
    }

    private static FleetPageJob Job(FleetRow row, Texts texts, string folder)
    {
        var (job, report) = (row.Job, row.Report);
        string[] lines = report is null ? (row.Error ?? "").Split('\n') : [report.Sentence, .. ReportText.Together(report)];
        return new(
            Unseen.Spelt(job.Incident),
            Unseen.Spelt(job.Agent),
            report is null ? "error"
                : row.AsExpected ? "expected"
                : "unexpected",
            report?.Verdict.Text(),
            job.Expected?.Verdict.Text(),
            Verdicts(row, texts),
            texts.Places(lines),
            row.Seconds,
            Unseen.Spelt(job.Fixture),
            report?.Rerun is { } rerun ? Unseen.Spelt(rerun) : null,
            row.Page is { } page ? LinkTo(page, folder) : null
        );
    }

    private static string LinkTo(string page, string folder) =>
        string.Join('/', Path.GetRelativePath(folder, page).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));

    // Those that were replayed, then those that were expected and were not.
    private static FleetPageVerdict[] Verdicts(FleetRow row, Texts texts)
    {
        var replayed = row.Report?.Hypotheses ?? [];
        var expected = row.Job.Expected?.Hypotheses;
        var missing = row.Report is null ? [] : expected?.Keys.Where(name => replayed.All(h => h.Name != name)) ?? [];
        return
        [
            .. replayed.Select(h => new FleetPageVerdict(
                Unseen.Spelt(h.Name),
                h.Verdict.Text(),
                Shows(h.Schedules),
                h.Counts,
                Expected(h.Name),
                texts.Places(ReportText.Lines(h, RemedyWords.Of))
            )),
            .. missing
                .Order(StringComparer.Ordinal)
                .Select(name => new FleetPageVerdict(Unseen.Spelt(name), row.Actual(name), null, true, Expected(name), [])),
        ];

        string? Expected(string name) =>
            expected is not null && expected.TryGetValue(name, out var verdict) && verdict.Text() != row.Actual(name)
                ? verdict.Text()
                : null;
    }

    private static string? Shows(ScheduleCount schedules) =>
        schedules.Represented.IsZero
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{schedules.Failing}/{schedules.Represented}");

    // Many jobs say the same: each text is there once.
    private sealed class Texts
    {
        private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All => _all;

        public int[] Places(IEnumerable<string> texts) => [.. texts.Select(t => Place(Unseen.Spelt(t)))];

        private int Place(string text)
        {
            if (_places.TryGetValue(text, out var place))
                return place;
            _all.Add(text);
            return _places[text] = _all.Count - 1;
        }
    }
}
