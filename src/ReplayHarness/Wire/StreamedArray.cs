using System.Text;
using System.Text.Json;

namespace ReplayHarness.Wire;

/// <summary>Reads a stream that is one JSON array.</summary>
internal static class StreamedArray
{
    /// <summary>The objects in it, each with the time of the piece which ends it; as far as they came.</summary>
    public static IReadOnlyList<(JsonElement Data, long Ticks)> Read(IEnumerable<(byte[] Bytes, long Ticks)> pieces)
    {
        List<(JsonElement, long)> items = [];
        List<byte> item = [];
        var (depth, isText, isEscaped) = (0, false, false);
        // What structures JSON is ASCII, which stands for nothing else in UTF-8.
        foreach (var (one, ticks) in pieces.SelectMany(p => p.Bytes.Select(b => (b, p.Ticks))))
        {
            if (!isText && one == '{')
                depth++;
            if (depth > 0)
                item.Add(one);
            if (isText)
                (isText, isEscaped) = (one != '"' || isEscaped, one == '\\' && !isEscaped);
            else
                isText = one == '"';
            if (isText || one != '}' || --depth > 0)
                continue;
            items.Add((JsonElement.Parse(Encoding.UTF8.GetString([.. item])), ticks));
            item.Clear();
        }
        return items;
    }
}
