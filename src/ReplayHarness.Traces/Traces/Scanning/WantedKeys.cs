using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ReplayHarness.Traces.Scanning;

/// <summary>
/// The attributes whose values are to be found again, for example a task's id: values are kept as hashes, and compared as text when a span
/// is read.
/// </summary>
internal sealed class WantedKeys
{
    private readonly byte[][] _keys;

    public WantedKeys(IReadOnlyList<string> names)
    {
        Names = names;
        _keys = [.. names.Select(Encoding.UTF8.GetBytes)];
    }

    public IReadOnlyList<string> Names { get; }

    public int Count => _keys.Length;

    /// <summary>The hash of a value's text: FNV-1a, 64 bits.</summary>
    public static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in text)
            hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }

    /// <inheritdoc cref="Hash(ReadOnlySpan{byte})"/>
    public static ulong Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    /// <summary>Which of the keys this is, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < _keys.Length; i++)
            if (key.SequenceEqual(_keys[i]))
                return i;
        return -1;
    }

    /// <summary>Whether the value of a key is to be noted. A key that is spelt with escapes could be any: it is a surprise.</summary>
    public bool IsWanted(ReadOnlySpan<byte> key) =>
        _keys.Length > 0 && key.IndexOf((byte)'\\') >= 0 ? throw SurpriseException.Instance : IndexOf(key) >= 0;

    /// <summary>
    /// Notes the value of an attribute if its key is wanted. Text, numbers and booleans are the same where their text is.
    /// </summary>
    /// <param name="key">The key as it is written.</param>
    /// <param name="value">The value as JSON text.</param>
    /// <param name="span">Where to note it.</param>
    public void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ref ScannedSpan span)
    {
        if (IsWanted(key))
            Note(IndexOf(key), HashOf(value), ref span);
    }

    /// <summary>Notes the value of the i-th key.</summary>
    public static unsafe void Note(int key, ulong hash, ref ScannedSpan span)
    {
        span.Seen |= 1u << key;
        span.Wanted[key] = hash;
    }

    private static ulong HashOf(ReadOnlySpan<byte> json)
    {
        // The text of a list or a map is not as it stands here.
        if (json[0] is (byte)'{' or (byte)'[')
            throw SurpriseException.Instance;
        if (json[0] != '"')
            return IsFraction(json) && double.TryParse(json, CultureInfo.InvariantCulture, out var number)
                ? Hash(number.ToString(CultureInfo.InvariantCulture))
                : Hash(json);
        if (json.IndexOf((byte)'\\') < 0)
            return Hash(json[1..^1]);
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            return Hash(reader.GetString()!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw SurpriseException.Instance;
        }
    }

    private static bool IsFraction(ReadOnlySpan<byte> json) =>
        json[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') && json.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0;
}
