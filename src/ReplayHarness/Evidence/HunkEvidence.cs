using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReplayHarness.Evidence;

/// <summary>What reverting one hunk of a fix, and nothing else, showed.</summary>
public enum HunkResult
{
    /// <summary>The verdict is another without it: the replays guard it.</summary>
    Noticed,

    /// <summary>The verdict is the same without it: either it is no part of the fix, or nothing shows that it is.</summary>
    NotNoticed,

    /// <summary>The rest does not build without it.</summary>
    NotAlone,

    /// <summary>It changes nothing that the agent's code does: a comment, a document, another project.</summary>
    NoCode,
}

/// <summary>One hunk of a fix.</summary>
/// <param name="File">The file, relative to the repository.</param>
/// <param name="Line">Its first line in the mended file, from 1.</param>
/// <param name="Changed">The first line that it adds or takes away, with its sign.</param>
/// <param name="Result">What was shown.</param>
/// <param name="Without">The verdict without it, or why there is none.</param>
public sealed record HunkEvidence(string File, int Line, string Changed, HunkResult Result, string Without)
{
    /// <summary>Where it is: <c>Agent.cs:12</c>.</summary>
    [JsonIgnore]
    public string Place => FormattableString.Invariant($"{File}:{Line}");
}

/// <summary>Results by their names: <c>not-noticed</c>.</summary>
internal sealed class HunkResultConverter() : JsonStringEnumConverter<HunkResult>(JsonNamingPolicy.KebabCaseLower);
