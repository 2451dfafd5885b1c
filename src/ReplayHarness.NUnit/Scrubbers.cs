using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ReplayHarness.NUnit;

/// <summary>
/// Takes out of snapshots what differs from run to run or from machine to machine, as Verify's scrubbers do:
/// <c>Verify(text).AddScrubber(Scrubbers.Ids)</c>, or for all with <c>VerifierSettings.AddScrubber</c>.
/// Equal values get equal tokens, numbered in order of appearance, so that a snapshot still tells them apart. A replay's own snapshot needs
/// none of them.
/// </summary>
public static partial class Scrubbers
{
    /// <summary>
    /// UUIDs, ids of traces and spans (32 and 16 hex digits) and ids of calls (<c>call_…</c>, <c>toolu_…</c>): <c>Id_1</c>.
    /// </summary>
    public static void Ids(StringBuilder text) => Replace(text, Id(), (_, number) => Token("Id", number));

    /// <summary>Dates with times, ISO 8601: <c>Time_1</c>.</summary>
    public static void Times(StringBuilder text) => Replace(text, Time(), (_, number) => Token("Time", number));

    /// <summary>Absolute paths of files, down to their names: <c>{Path}/fixture.json</c>.</summary>
    public static void Paths(StringBuilder text) => Replace(text, AbsolutePath(), (path, _) => $"{{Path}}/{path.Split('/', '\\')[^1]}");

    private static string Token(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{number}");

    private static void Replace(StringBuilder text, Regex pattern, Func<string, int, string> token)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var scrubbed = pattern.Replace(
            text.ToString(),
            found =>
            {
                if (!numbers.TryGetValue(found.Value, out var number))
                    numbers[found.Value] = number = numbers.Count + 1;
                return token(found.Value, number);
            }
        );
        text.Clear().Append(scrubbed);
    }

    [GeneratedRegex(
        @"\b(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-f]{32}|[0-9a-f]{16}|(?:call|toolu)_[A-Za-z0-9]{2,})\b"
    )]
    private static partial Regex Id();

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z| UTC|[+-]\d{2}:?\d{2})?(?!\d)")]
    private static partial Regex Time();

    [GeneratedRegex("""(?<![\w./\\{}:])(?:[A-Za-z]:)?[/\\](?:[^\s/\\"'<>|:*?]+[/\\])+[^\s/\\"'<>|:*?,;)]+""")]
    private static partial Regex AbsolutePath();
}
