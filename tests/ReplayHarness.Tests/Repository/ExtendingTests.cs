using System.Text.RegularExpressions;

namespace ReplayHarness.Tests.Repository;

/// <summary>
/// How many files it takes to add one of a kind, counted on one that exists: the files of src that name it are those that docs/extending.md
/// lists, and no more than today.
/// </summary>
public sealed partial class ExtendingTests
{
    // By kind: the most files that have to be written or changed.
    private static readonly Dictionary<string, int> s_bounds = new(StringComparer.Ordinal)
    {
        ["dialect"] = 2,
        ["finding rule"] = 2,
        ["store"] = 2,
        ["strategy"] = 2,
        ["hypothesis"] = 3,
        ["boundary"] = 4,
        ["model API"] = 2,
        ["command"] = 2,
        ["verdict"] = 5,
    };

    private static readonly Lazy<(string Path, string Code)[]> s_sources = new(() =>
        [
            .. Repo.TextFiles()
                .Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal))
                .Select(f => (f.Path["src/".Length..], WithoutComments(f.Path, f.Text))),
        ]
    );

    private static IEnumerable<TestCaseData> Kinds() => Rows().Select(r => new TestCaseData(r).SetArgDisplayNames(r.Kind));

    [Test]
    public void Every_kind_is_described() => Assert.That(Rows().Select(r => r.Kind), Is.EqualTo(s_bounds.Keys));

    [TestCaseSource(nameof(Kinds))]
    public void To_add_one_takes(Row row)
    {
        Assert.That(NamedIn(row.Names), Is.EquivalentTo(row.Files.Concat(row.Others)), $"the files of src that name {row.Names[0]}");
        Assert.That(row.Files, Has.Length.LessThanOrEqualTo(s_bounds[row.Kind]), $"to add a {row.Kind}");
    }

    // The document speaks of tables; a kind without its own section would have no recipe.
    [TestCaseSource(nameof(Kinds))]
    public void Has_a_recipe(Row row) => Assert.That(Document(), Does.Match($@"(?m)^## An? {row.Kind}$"));

    private static IEnumerable<string> NamedIn(string[] names)
    {
        var pattern = new Regex(string.Join('|', names.Select(n => $@"(?<!\w){Regex.Escape(n)}(?!\w)")));
        return s_sources.Value.Where(f => pattern.IsMatch(f.Code)).Select(f => f.Path);
    }

    private static Row[] Rows() =>
        [
            .. from line in Document().Split('\n')
            where line.StartsWith("| ", StringComparison.Ordinal) && line.Contains(".cs`", StringComparison.Ordinal)
            let cells = line.Split('|')
            select new Row(cells[1].Trim(), Quoted(cells[2]), Quoted(cells[3]), Quoted(cells[4])),
        ];

    private static string[] Quoted(string cell) => [.. Code().Matches(cell).Select(m => m.Groups[1].Value)];

    private static string Document() => File.ReadAllText(Path.Combine(Repo.Root, "docs", "extending.md"));

    private static string WithoutComments(string path, string text) =>
        path.EndsWith(".cs", StringComparison.Ordinal) ? Comment().Replace(text, "") : text;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?m)^\s*//.*$")]
    private static partial Regex Comment();

    /// <summary>A row of the document's table.</summary>
    /// <param name="Kind">What is added.</param>
    /// <param name="Names">The names of one that exists.</param>
    /// <param name="Files">The files that have to be written or changed.</param>
    /// <param name="Others">Those that may name it.</param>
    public sealed record Row(string Kind, string[] Names, string[] Files, string[] Others);
}
