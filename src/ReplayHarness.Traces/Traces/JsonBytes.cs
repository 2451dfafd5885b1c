using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ReplayHarness.Traces;

/// <summary>The bytes of a JSON file whose texts are all Unicode: what is read of them later fails on no name and no value.</summary>
internal static class JsonBytes
{
    private const int MaxDepth = 128;

    /// <summary>Reads a file.</summary>
    /// <exception cref="BadInputException">
    /// It holds bytes that are no UTF-8, or half of a surrogate pair; the message names line and column.
    /// </exception>
    public static byte[] Of(string file)
    {
        var bytes = File.ReadAllBytes(file);
        Check(file, bytes);
        return bytes;
    }

    /// <inheritdoc cref="Of"/>
    public static void Check(string file, ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw Bad(file, bytes[..FirstInvalid(bytes)], "holds a byte that is no UTF-8");
        if (bytes.IndexOf("\\ud"u8) >= 0 || bytes.IndexOf("\\uD"u8) >= 0)
            CheckEscapes(file, bytes);
    }

    private static void CheckEscapes(string file, ReadOnlySpan<byte> bytes)
    {
        // Files that people write may have comments.
        var reader = new Utf8JsonReader(
            bytes,
            new JsonReaderOptions
            {
                MaxDepth = MaxDepth,
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            }
        );
        try
        {
            while (reader.Read())
                if (reader.ValueIsEscaped && reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
        }
        catch (InvalidOperationException e) when (Json.IsNoText(e))
        {
            throw Bad(file, bytes[..(int)reader.TokenStartIndex], "the text holds half of a surrogate pair");
        }
        catch (JsonException)
        {
            // Who parses it says what is wrong.
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }

    private static BadInputException Bad(string file, ReadOnlySpan<byte> before, string what) =>
        new($"{file}:{before.Count((byte)'\n') + 1}:{before.Length - before.LastIndexOf((byte)'\n')}: {what}; expected JSON in UTF-8");
}
