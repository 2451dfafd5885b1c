namespace Races;

/// <summary>What the answers are taken for: papers, with as many lines as papers have.</summary>
internal static class Paper
{
    public const int Lines = 200;

    /// <summary>How many calls the model makes in a turn.</summary>
    public const int Papers = 3;

    public static IEnumerable<string> LinesOf(string text) => Enumerable.Range(1, Lines).Select(i => $"{text} {i}");

    /// <summary>A checksum, which takes a while.</summary>
    public static uint Digest(string text, int rounds = 20_000)
    {
        var sum = 2_166_136_261;
        for (var i = 0; i < rounds; i++)
            sum = (sum ^ text[i % text.Length]) * 16_777_619;
        return sum;
    }

    /// <summary>The complaint, unless all is as it should be.</summary>
    public static string? Unless(bool isFine, string complaint) => isFine ? null : complaint;
}
