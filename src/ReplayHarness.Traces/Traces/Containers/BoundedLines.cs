using System.Text;

namespace ReplayHarness.Traces.Containers;

/// <summary>The lines of a text, without their ends. Memory grows with the longest line, and no further than a bound.</summary>
internal static class BoundedLines
{
    /// <summary>The longest line that is read, in characters.</summary>
    public const int MaxLine = 64 << 20;

    /// <summary>Reads them; null stands for one that is longer than is read.</summary>
    public static IEnumerable<string?> Of(TextReader reader)
    {
        var (buffer, line) = (new char[1 << 14], new StringBuilder());
        var (isLong, isBegun, wasReturn) = (false, false, false);
        for (int read; (read = reader.Read(buffer, 0, buffer.Length)) > 0; )
        {
            for (var at = 0; at < read; )
            {
                if (wasReturn && buffer[at] == '\n')
                    at++;
                wasReturn = false;
                var length = buffer.AsSpan(at, read - at).IndexOfAny('\r', '\n');
                var isWhole = length >= 0;
                if (!isWhole)
                    length = read - at;
                isLong |= line.Length + length > MaxLine;
                if (!isLong)
                    line.Append(buffer, at, length);
                isBegun |= length > 0;
                at += length;
                if (!isWhole)
                    continue;
                wasReturn = buffer[at++] == '\r';
                yield return isLong ? null : line.ToString();
                line.Clear();
                (isLong, isBegun) = (false, false);
            }
        }
        if (isBegun)
            yield return isLong ? null : line.ToString();
    }
}
