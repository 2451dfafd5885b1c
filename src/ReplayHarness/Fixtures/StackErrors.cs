using System.Text.RegularExpressions;
using ReplayHarness.Shapes;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures;

/// <summary>
/// Errors as fixtures keep them, with what a stack trace of .NET tells beside type and message: the exceptions within, by type and message,
/// the number behind a type's name, and the lines of a message that a trace's other texts leave out.
/// </summary>
internal sealed partial class StackErrors
{
    // More than any exception has.
    private const int MostDepth = 16,
        MostWithin = 64;

    private const string Within = " ---> ",
        Listed = " ---> (Inner Exception #",
        EndOfWithin = "   --- End of inner exception stack trace",
        EndOfListed = "<---";

    private readonly string[] _lines;
    private int _at;

    private StackErrors(string text) => _lines = text.ReplaceLineEndings("\n").Split('\n');

    /// <summary>The error of a span.</summary>
    /// <param name="span">The span.</param>
    /// <param name="error">Its error.</param>
    /// <param name="known">The error's class, where it is known; null for what type and message tell.</param>
    public static RecordedError Of(Span span, CallError error, string? known = null)
    {
        var made = Recorded(error, known ?? ErrorClass.Of(error)) with { Code = error.Code };
        var told = span.Events.LastOrDefault(e => e.Name == "exception")?.Attributes ?? AttributeSet.None;
        made = made with { Message = Whole(made.Message, told.Text("exception.message")) };
        var text = told.Text("exception.stacktrace") ?? span.Attributes.Text("exception.stacktrace");
        if (text is null || !ErrorTypes.IsOfDotNet(error.Type) || new StackErrors(text).Read() is not { } read)
            return made;
        // Another exception's stack trace tells nothing of this one.
        return Definition(read.Type) != Definition(error.Type)
            ? made
            : made with
            {
                Message = Whole(made.Message, read.Message),
                Code = made.Code ?? read.Code,
                Inner = read.Inner,
            };
    }

    // Which object was disposed stands on a line of its own, and code may ask for it.
    private static string Whole(string line, string? message) =>
        message is not null
        && message.StartsWith(line, StringComparison.Ordinal)
        && message.Contains("\nObject name: '", StringComparison.Ordinal)
            ? message.Trim()
            : line;

    // Of generic types the arguments are written in more than one way.
    private static string Definition(string type) => type.Split('[')[0];

    private static RecordedError Recorded(CallError error, string errorClass) =>
        new(error.Type, errorClass, ErrorTypes.Of(error.Type, errorClass), error.Message);

    // A text that ends with the message may have been cut there.
    private RecordedError? Read() =>
        Read(_lines[_at++], EndOfWithin, 0) is { } read && Array.Exists(_lines, l => Mark().IsMatch(l)) ? read : null;

    // One exception, up to the line that ends it.
    private RecordedError? Read(string first, string end, int depth)
    {
        var header = Header().Match(Text(first, out var isEnd));
        List<string> message = [header.Groups["message"].Value];
        List<RecordedError> inner = [];
        while (!isEnd && _at < _lines.Length && !Mark().IsMatch(_lines[_at]))
            message.Add(Text(_lines[_at++], out isEnd));
        while (!isEnd && _at < _lines.Length)
        {
            var line = _lines[_at++];
            if (line.StartsWith(Within, StringComparison.Ordinal))
            {
                if (depth == MostDepth || inner.Count == MostWithin)
                    return null;
                var isListed = line.StartsWith(Listed, StringComparison.Ordinal);
                var child = Read(
                    isListed ? line[(line.IndexOf(") ", StringComparison.Ordinal) + 2)..] : line[Within.Length..],
                    isListed ? EndOfListed : EndOfWithin,
                    depth + 1
                );
                if (child is null)
                    return null;
                // The first of many stands there twice in what older versions write.
                if (!line.StartsWith(Listed + "0)", StringComparison.Ordinal) || inner.Count == 0)
                    inner.Add(child);
            }
            else
                isEnd = line.StartsWith(end, StringComparison.Ordinal) || line.EndsWith(EndOfListed, StringComparison.Ordinal);
        }
        // One within has an end, where nobody cut the text.
        if (!header.Success || (depth > 0 && !isEnd))
            return null;
        // Exceptions of files write the file's name behind their message.
        if (message[^1].StartsWith("File name: '", StringComparison.Ordinal))
            message.RemoveAt(message.Count - 1);
        var error = new CallError(header.Groups["type"].Value, string.Join('\n', message).TrimEnd());
        return Recorded(error, ErrorClass.Of(error)) with
        {
            Code = header.Groups["code"] is { Success: true, Value: var code } ? $"native {code}" : null,
            Inner = inner,
        };
    }

    private static string Text(string line, out bool isEnd)
    {
        isEnd = line.EndsWith(EndOfListed, StringComparison.Ordinal);
        return isEnd ? line[..^EndOfListed.Length] : line;
    }

    [GeneratedRegex(@"^(?<type>[^\s:(]+)( \((?<code>-?[0-9]+|0x[0-9A-Fa-f]+)\))?(: (?<message>.*))?$")]
    private static partial Regex Header();

    [GeneratedRegex("^( ---> |   at |   --- End of |--- End of )")]
    private static partial Regex Mark();
}
