using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.RegularExpressions;
using static ReplayHarness.Replays.Boundaries.ErrorWords;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>The exceptions of .NET whose messages tell more than a constructor that takes the message would set.</summary>
internal static partial class FrameworkExceptions
{
    private const string Native = "native ",
        Disposal = "Cannot access a disposed object.";

    /// <summary>The exception of a type; null where the type is not in the table.</summary>
    public static Exception? Make(Type type, ErrorFacts facts) =>
        type.FullName switch
        {
            "System.AggregateException" => Aggregate(facts),
            "System.ArgumentException" => Parameter(facts.Message) is var (message, name)
                ? facts.Tell(new ArgumentException(message, name, Inner(facts)), "ParamName")
                : facts.Tell(new ArgumentException(facts.Message, Inner(facts)), "ParamName"),
            "System.ArgumentNullException" => Parameter(facts.Message) is var (message, name)
                ? facts.Tell(new ArgumentNullException(name, message), "ParamName")
                : facts.Tell(new ArgumentNullException(null, facts.Message), "ParamName"),
            "System.ArgumentOutOfRangeException" => Parameter(facts.Message) is var (message, name)
                ? facts.Tell(new ArgumentOutOfRangeException(name, message), "ParamName")
                : facts.Tell(new ArgumentOutOfRangeException(null, facts.Message), "ParamName"),
            "System.ComponentModel.Win32Exception" => Win32(facts),
            "System.IO.FileNotFoundException" when FilePattern().Match(facts.Message) is { Success: true } match => facts.Tell(
                new FileNotFoundException(facts.Message, match.Groups["name"].Value, Inner(facts)),
                "FileName"
            ),
            "System.IO.IOException" => Io(facts),
            "System.Net.Http.HttpIOException" => facts.Tell(
                new HttpIOException(RequestOf(facts.Message), WithoutKind(facts.Message), Inner(facts)),
                "HttpRequestError"
            ),
            "System.Net.Http.HttpRequestException" => Request(facts),
            "System.Net.Sockets.SocketException" => Socket(facts),
            "System.Net.WebSockets.WebSocketException"
                when facts.Message.StartsWith("The remote party closed the WebSocket connection", StringComparison.Ordinal) => facts.Tell(
                new WebSocketException(WebSocketError.ConnectionClosedPrematurely, facts.Message, Inner(facts)),
                "WebSocketErrorCode"
            ),
            "System.ObjectDisposedException" => Disposed(facts),
            "System.Text.Json.JsonReaderException" => OfJsonReader(type, facts),
            "System.Text.Json.JsonException" => OfJson(facts),
            "System.Threading.Tasks.TaskCanceledException" => new TaskCanceledException(
                facts.Message,
                facts.InnerOr(() => TimeOutIn(facts.Message))
            ),
            "System.TypeInitializationException" when InitializerPattern().Match(facts.Message) is { Success: true } match => facts.Tell(
                new TypeInitializationException(match.Groups["name"].Value, Inner(facts)),
                "TypeName"
            ),
            _ => null,
        };

    /// <summary>The messages that an exception of many lists behind its own: <c>One or more errors occurred. (A) (B)</c>.</summary>
    public static IReadOnlyList<string> Listed(string message)
    {
        List<string> listed = [];
        var end = message.Length;
        while (end > 0 && message[end - 1] == ')' && OpeningOf(message, end - 1) is var open and > 0 && message[open - 1] == ' ')
        {
            listed.Insert(0, message[(open + 1)..(end - 1)]);
            end = open - 1;
        }
        return listed;
    }

    private static int OpeningOf(string message, int closing)
    {
        var depth = 0;
        for (var i = closing; i >= 0; i--)
        {
            depth += message[i] switch
            {
                ')' => 1,
                '(' => -1,
                _ => 0,
            };
            if (depth == 0)
                return i;
        }
        return -1;
    }

    // It lists the messages within by itself. What they are of is known where a stack trace told it.
    private static AggregateException Aggregate(ErrorFacts facts)
    {
        var message = facts.Message;
        if (facts.Inner is not null)
        {
            var suffix = string.Concat(facts.Inner.Select(i => $" ({i.Message})"));
            if (message.EndsWith(suffix, StringComparison.Ordinal))
                return facts.Tell(new AggregateException(message[..^suffix.Length], facts.Inner), "InnerExceptions");
        }
        var listed = Listed(message);
        if (facts.Inner is { Count: > 0 } some)
            return facts.Tell(new AggregateException(message[..^listed.Sum(l => l.Length + 3)], some), "InnerExceptions");
        return new AggregateException(message[..^listed.Sum(l => l.Length + 3)], listed.Select(l => new CapturedException(l)));
    }

    private static ObjectDisposedException Disposed(ErrorFacts facts)
    {
        if (DisposedPattern().Match(facts.Message) is { Success: true } match)
            return facts.Tell(new ObjectDisposedException(match.Groups["name"].Value, match.Groups["message"].Value), "ObjectName");
        var made = new ObjectDisposedException(null, facts.Message);
        // Behind these words a line names the object, which a trace without a stack trace leaves out.
        return facts.Message == Disposal && facts.Inner is null ? made : facts.Tell(made, "ObjectName");
    }

    private static Exception? Inner(ErrorFacts facts) => facts.InnerOr(() => null);

    private static IOException Io(ErrorFacts facts)
    {
        if (SocketOf(facts.Message) is not SocketError.SocketError and var socket)
            return facts.Tell(
                new IOException(facts.Message, facts.InnerOr(() => new SocketException((int)socket))),
                nameof(Exception.HResult)
            );
        var made = new IOException(facts.Message, Inner(facts));
        if (FileCodeOf(facts.Message) is not { } code)
            return made;
        made.HResult = code;
        return facts.Tell(made, nameof(Exception.HResult));
    }

    private static HttpRequestException Request(ErrorFacts facts)
    {
        var kind = RequestOf(facts.Message);
        var inner = facts.InnerOr(() =>
            kind switch
            {
                HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => new SocketException(
                    (int)SocketOf(facts.Message)
                ),
                HttpRequestError.SecureConnectionError => new AuthenticationException(facts.Message),
                HttpRequestError.ResponseEnded => new HttpIOException(kind),
                _ => null,
            }
        );
        var status = facts.Status;
        if (kind != HttpRequestError.Unknown || status is (_, true))
            facts.Tell(facts, "StatusCode", "HttpRequestError");
        // Who says a status that was answered has no other exception within.
        if (kind == HttpRequestError.Unknown && facts.Message.StartsWith("Response status code does not", StringComparison.Ordinal))
            facts.Tell(facts, nameof(Exception.InnerException));
        return kind == HttpRequestError.Unknown
            ? new(facts.Message, inner, status?.Code)
            : new HttpRequestException(kind, facts.Message, inner, status?.Code);
    }

    private static SocketException Socket(ErrorFacts facts)
    {
        var error = SocketOf(facts.Message);
        if (error == SocketError.SocketError && NativeOf(facts) is { } native && Enum.IsDefined((SocketError)native))
            error = (SocketError)native;
        var made = new SocketException((int)error, facts.Message);
        return error == SocketError.SocketError ? made : facts.Tell(made, "SocketErrorCode", "ErrorCode", "NativeErrorCode");
    }

    private static Win32Exception Win32(ErrorFacts facts)
    {
        if ((NativeOf(facts) ?? ErrnoOf(facts.Message)) is not { } native)
            return new Win32Exception(0, facts.Message);
        return facts.Tell(new Win32Exception(native, facts.Message), "NativeErrorCode", "ErrorCode");
    }

    // The number that an exception writes behind the name of its type.
    private static int? NativeOf(ErrorFacts facts) =>
        facts.Error.Code is { } code
        && code.StartsWith(Native, StringComparison.Ordinal)
        && int.TryParse(code[Native.Length..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var native)
            ? native
            : null;

    // The serialiser says in each message where it was; code that throws it says nothing of that.
    private static JsonException OfJson(ErrorFacts facts)
    {
        var match = JsonPattern().Match(facts.Message);
        long? Number(string group) =>
            match.Success ? long.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null;
        return facts.Tell(
            new JsonException(
                facts.Message,
                match.Groups["path"] is { Success: true } path ? path.Value : null,
                Number("line"),
                Number("byte"),
                Inner(facts)
            ),
            "Path",
            "LineNumber",
            "BytePositionInLine"
        );
    }

    // Its type is the serialiser's own.
    private static Exception? OfJsonReader(Type type, ErrorFacts facts)
    {
        var known = OfJson(facts);
        return known is { LineNumber: { } line, BytePositionInLine: { } position }
            ? (Exception?)Activator.CreateInstance(type, facts.Message, line, position)
            : null;
    }

    // HttpClient says its own time-out in these words, and holds it within.
    private static TimeoutException? TimeOutIn(string message) =>
        message.Contains("HttpClient.Timeout", StringComparison.Ordinal) ? new TimeoutException("A task was canceled.") : null;

    private static (string Message, string Name)? Parameter(string message) =>
        ParameterPattern().Match(message) is { Success: true } match ? (match.Groups["message"].Value, match.Groups["name"].Value) : null;

    [GeneratedRegex(@"^(?<message>.*) \(Parameter '(?<name>[^']*)'\)$", RegexOptions.Singleline)]
    private static partial Regex ParameterPattern();

    [GeneratedRegex(@"^Could not find file '(?<name>[^']*)'")]
    private static partial Regex FilePattern();

    [GeneratedRegex("^The type initializer for '(?<name>[^']+)' threw an exception")]
    private static partial Regex InitializerPattern();

    [GeneratedRegex(@"^(?<message>.*?)\s+Object name: '(?<name>[^']*)'\.$", RegexOptions.Singleline)]
    private static partial Regex DisposedPattern();

    [GeneratedRegex(@"(Path: (?<path>\S+) \| )?LineNumber: (?<line>[0-9]{1,9}) \| BytePositionInLine: (?<byte>[0-9]{1,9})")]
    private static partial Regex JsonPattern();
}
