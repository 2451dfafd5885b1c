using System.Security.Cryptography;
using System.Text;

namespace ReplayHarness.Cli.Fleet;

/// <summary>A JSON object whose first member is a hash of all that stands behind it.</summary>
internal static class SummedJson
{
    private const string Begin = "{\"sum\":\"";
    private const string End = "\"";
    private const string NoSum = Begin + End;
    private const int SumLength = 64;

    /// <summary>The text of a file: the object with its sum, and a line end.</summary>
    /// <param name="json">The object, with an empty sum.</param>
    public static string Text(string json)
    {
        var rest = json[NoSum.Length..] + "\n";
        return Begin + SumOf(Encoding.UTF8.GetBytes(rest)) + End + rest;
    }

    /// <summary>Whether a file is as it was written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Encoding.UTF8.GetBytes(Begin))
        && bytes.Length > NoSum.Length + SumLength
        && Encoding.UTF8.GetString(bytes.Slice(Begin.Length, SumLength)) == SumOf(bytes[(NoSum.Length + SumLength)..]);

    private static string SumOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
