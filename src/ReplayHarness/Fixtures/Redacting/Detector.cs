using System.Text.RegularExpressions;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Finds one kind of secret or personal data in text.</summary>
/// <param name="Kind">Its name, in kebab-case.</param>
/// <param name="Pattern">What it looks like. Only the group <c>secret</c> is meant, where there is one.</param>
/// <param name="MayHold">Whether a text is worth looking through; null for every text.</param>
/// <param name="IsReal">Whether what fits the pattern is what it looks like: a check digit, a range; null for always.</param>
internal sealed record Detector(string Kind, Regex Pattern, Func<string, bool>? MayHold = null, Func<string, bool>? IsReal = null)
{
    /// <summary>The values in a text, with where each begins.</summary>
    public IEnumerable<(string Value, int Index)> Find(string text)
    {
        if (MayHold?.Invoke(text) == false)
            yield break;
        for (var match = Pattern.Match(text); match.Success; match = match.NextMatch())
        {
            var group = match.Groups["secret"] is { Success: true } secret ? secret : match;
            if (group.Length > 0 && IsReal?.Invoke(group.Value) != false)
                yield return (group.Value, group.Index);
        }
    }
}
