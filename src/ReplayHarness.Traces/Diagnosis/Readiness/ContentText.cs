using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Diagnosis.Readiness;

/// <summary>Whether a recorded text is content: neither cut off in the middle of its JSON, nor redacted as a whole.</summary>
internal static partial class ContentText
{
    /// <summary>Whether there is content, which a replay can give or compare.</summary>
    public static bool IsThere(string? text) => text is not null && !IsCut(text) && !IsRedacted(text);

    /// <summary>Whether messages hold content.</summary>
    public static bool IsThere(IReadOnlyList<Message>? messages)
    {
        if (messages is null)
            return false;
        string[] texts = [.. messages.SelectMany(m => m.Parts).Select(TextOf).OfType<string>().Where(t => t.Length > 0)];
        return (texts.Length == 0 || Array.Exists(texts, t => !IsRedacted(t)))
            && !messages.SelectMany(m => m.Parts).OfType<ToolCallPart>().Any(p => IsCut(p.Arguments));
    }

    /// <summary>Whether a call is one for an embedding, of which a replay needs no messages.</summary>
    public static bool IsEmbedding(ModelCall call) =>
        NamesEmbedding(call.Span.Attributes.Text("gen_ai.operation.name")) || NamesEmbedding(call.Span.Name) || NamesEmbedding(call.Model);

    /// <summary>Whether a text is JSON up to its end, and ends too early: an exporter cut it.</summary>
    public static bool IsCut(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
            return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), false, new(new JsonReaderOptions { MaxDepth = 128 }));
        try
        {
            while (reader.Read()) { }
            return reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether every value of a text was redacted.</summary>
    public static bool IsRedacted(string text) =>
        WholeMark().IsMatch(text)
        || (Json.TryParse(text) is { } value && Values(value).ToArray() is { Length: > 0 } values && values.All(IsMark));

    /// <summary>Whether a text holds a mark of a redaction.</summary>
    public static bool HasMark(string text) => Mark().IsMatch(text);

    private static bool IsMark(object? value) => value is string text && WholeMark().IsMatch(text);

    private static IEnumerable<object?> Values(object? value) =>
        value switch
        {
            IReadOnlyDictionary<string, object?> map => map.Values.SelectMany(Values),
            object?[] list => list.SelectMany(Values),
            _ => [value],
        };

    private static string? TextOf(MessagePart part) =>
        part switch
        {
            TextPart text => text.Content,
            ToolCallPart call => call.Arguments,
            ToolResultPart result => result.Result,
            _ => null,
        };

    private static bool NamesEmbedding(string? text) => text?.Contains("embed", StringComparison.OrdinalIgnoreCase) == true;

    [GeneratedRegex(Marks, RegexOptions.IgnoreCase)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\s*(" + Marks + @")\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex WholeMark();

    private const string Marks = @"\[(redacted|scrubbed[^\]]*|filtered|hidden|masked)\]|<(redacted|masked)>|\*{4,}|\bare redacted\b";
}
