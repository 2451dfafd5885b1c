using System.Globalization;

namespace ReplayHarness.Replays.Strategies;

/// <summary>What a strategy that draws schedules is given.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="First">The number of the first schedule, from 0.</param>
/// <param name="Count">How many schedules it draws.</param>
/// <param name="Left">By operation, how many operations of its chain are left, as the captured schedule showed.</param>
/// <param name="Decisions">How many decisions the captured schedule had.</param>
internal readonly record struct Draw(ulong Seed, int First, int Count, IReadOnlyDictionary<string, int> Left, int Decisions);

/// <summary>
/// The strategies that draw random schedules, by their names: <c>random</c>, or a name with a number, <c>pct:3</c>. A new one is a row
/// here.
/// </summary>
internal static class DrawnStrategies
{
    /// <summary>The one that is taken where none is named.</summary>
    public const string Default = "random";

    // By name: whether a number follows, whether every order is equally likely, and how it is made.
    private static readonly Dictionary<string, (bool HasNumber, bool IsUniform, Func<Draw, int, IStrategy> Make)> s_all = new(
        StringComparer.Ordinal
    )
    {
        [Default] = (false, true, static (draw, _) =>
            new WeightedWalk(draw.Seed, draw.Count, draw.Left) { First = draw.First, DrawsAnew = true }
        ),
        ["pct"] = (true, false, static (draw, depth) => new Pct(draw.Seed, draw.Count, depth, draw.Decisions) { First = draw.First }),
    };

    /// <summary>What is expected where a name is wrong.</summary>
    public static string Expected => string.Join(" or ", s_all.Select(s => s.Value.HasNumber ? $"{s.Key}:D with D above 0" : s.Key));

    public static bool Knows(string text) => Find(text) is not null;

    /// <summary>A strategy.</summary>
    /// <param name="text">A text that <see cref="Knows"/> accepts.</param>
    /// <param name="draw">What it is given.</param>
    public static IStrategy Of(string text, Draw draw)
    {
        var (name, number) = Known(text);
        return s_all[name].Make(draw, number);
    }

    /// <summary>Whether a strategy draws every order equally often where chains do not depend on each other.</summary>
    /// <param name="text">A text that <see cref="Knows"/> accepts.</param>
    public static bool IsUniform(string text) => s_all[Known(text).Name].IsUniform;

    private static (string Name, int Number) Known(string text) =>
        Find(text) ?? throw new ArgumentException($"{text}: expected {Expected}", nameof(text));

    private static (string Name, int Number)? Find(string text)
    {
        var words = text.Split(':');
        if (!s_all.TryGetValue(words[0], out var found))
            return null;
        var number = 0;
        var isWhole = found.HasNumber
            ? words.Length == 2 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0
            : words.Length == 1;
        return isWhole ? (words[0], number) : null;
    }
}
