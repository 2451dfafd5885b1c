using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ReplayHarness.Evidence;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>Which version of what wrote a file.</summary>
internal interface IVersioned
{
    /// <summary>The version of the file's form.</summary>
    int Version { get; }

    /// <summary>The version of the harness that wrote it.</summary>
    string Harness { get; }
}

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

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="version">The version of its form that this is.</param>
    /// <param name="what">What it holds, in words: <c>result of a job</c>.</param>
    /// <param name="again">What is to be run again where it cannot be read: <c>the job</c>.</param>
    /// <exception cref="BadInputException">
    /// It holds something else, was changed since it was written, or is of another version of the harness.
    /// </exception>
    public static T Load<T>(string path, JsonTypeInfo<T> type, int version, string what, string again)
        where T : class, IVersioned
    {
        try
        {
            var bytes = JsonBytes.Of(path);
            var read = JsonSerializer.Deserialize(bytes, type) ?? throw new BadInputException($"{path}: holds null; expected the {what}");
            if (read.Version != version || read.Harness != EvidenceFile.HarnessVersion)
                throw new BadInputException(
                    $"{path}: was written by version {read.Harness} of the harness, and this is {EvidenceFile.HarnessVersion}; "
                        + $"run {again} again"
                );
            return IsWhole(bytes)
                ? read
                : throw new BadInputException($"{path}: was changed since it was written; delete the file and run {again} again");
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path}: no {what}; delete the file and run it again",
                e
            );
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Encoding.UTF8.GetBytes(Begin))
        && bytes.Length > NoSum.Length + SumLength
        && Encoding.UTF8.GetString(bytes.Slice(Begin.Length, SumLength)) == SumOf(bytes[(NoSum.Length + SumLength)..]);

    private static string SumOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
