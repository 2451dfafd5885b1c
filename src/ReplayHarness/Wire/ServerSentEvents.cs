using System.Text;
using System.Text.Json;

namespace ReplayHarness.Wire;

/// <summary>Reads server-sent events.</summary>
internal static class ServerSentEvents
{
    public const string ContentType = "text/event-stream; charset=utf-8";

    /// <summary>The data of each event that is a JSON object, with the time of the piece which ends it.</summary>
    public static IReadOnlyList<(JsonElement Data, long Ticks)> Read(IEnumerable<(byte[] Bytes, long Ticks)> pieces)
    {
        List<(JsonElement, long)> events = [];
        var (text, decoder) = (new StringBuilder(), Encoding.UTF8.GetDecoder());
        foreach (var (bytes, ticks) in pieces)
        {
            // A piece may end within a character, or within the end of a line.
            var characters = new char[decoder.GetCharCount(bytes, flush: false)];
            text.Append(characters, 0, decoder.GetChars(bytes, characters, flush: false)).Replace("\r\n", "\n");
            // An event ends with an empty line.
            for (int end; (end = text.ToString().IndexOf("\n\n", StringComparison.Ordinal)) >= 0; text.Remove(0, end + 2))
                if (DataOf(text.ToString(0, end)) is { } data)
                    events.Add((data, ticks));
        }
        return events;
    }

    private static JsonElement? DataOf(string block)
    {
        const string Data = "data:";
        var data = string.Join(
            '\n',
            block.Split('\n').Where(l => l.StartsWith(Data, StringComparison.Ordinal)).Select(l => l[Data.Length..].TrimStart())
        );
        try
        {
            return data.StartsWith('{') ? JsonElement.Parse(data) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
