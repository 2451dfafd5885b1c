using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Mcp;

/// <summary>A part of what a command printed.</summary>
/// <param name="Text">The part.</param>
/// <param name="Where">Which part, and how to ask for the next.</param>
internal sealed record Page(string Text, string Where);

/// <summary>What the last commands printed, page by page: a command is not run again for its second page.</summary>
internal sealed class Pages
{
    private const int Size = 20_000,
        Kept = 8;

    private readonly Lock _lock = new();
    private readonly List<(string Id, string Text)> _kept = [];
    private int _count;

    /// <summary>Keeps a text, and gives its first page.</summary>
    public Page Keep(string text)
    {
        if (text.Length <= Size)
            return PageOf("", text, 0);
        lock (_lock)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"r{++_count}");
            _kept.Add((id, text));
            if (_kept.Count > Kept)
                _kept.RemoveAt(0);
            return PageOf(id, text, 0);
        }
    }

    /// <summary>The page of a text that begins at a character.</summary>
    /// <exception cref="BadInputException">The text is not kept, or is shorter.</exception>
    public Page At(string id, int offset)
    {
        lock (_lock)
        {
            var text = _kept.Find(k => k.Id == id).Text;
            if (text is null)
                throw new BadInputException($"result {id}: is not kept; only the last {Kept} are. Call the tool again");
            if (offset < 0 || offset >= text.Length)
                throw new BadInputException(
                    string.Create(CultureInfo.InvariantCulture, $"offset {offset}: expected 0 to {text.Length - 1}")
                );
            return PageOf(id, text, offset);
        }
    }

    private static Page PageOf(string id, string text, int from)
    {
        var to = Math.Min(from + Size, text.Length);
        // No character is cut in two.
        if (to < text.Length && char.IsLowSurrogate(text[to]))
            to--;
        var rest = to < text.Length ? $"; for the next call page with result \"{id}\" and offset {to}" : "";
        return new(text[from..to], string.Create(CultureInfo.InvariantCulture, $"characters {from} to {to} of {text.Length}{rest}"));
    }
}
