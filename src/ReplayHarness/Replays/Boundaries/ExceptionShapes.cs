using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// Makes exceptions with their messages, and with what a message tells of the rest: a status code, a socket's error, a parameter's name,
/// the exception within. By public constructors only, where there is one for it.
/// </summary>
internal static partial class ExceptionShapes
{
    // What the runtime says of sockets, on Unix and on Windows.
    private static readonly (string Words, SocketError Error)[] s_sockets =
    [
        ("refused", SocketError.ConnectionRefused),
        ("reset by peer", SocketError.ConnectionReset),
        ("forcibly closed", SocketError.ConnectionReset),
        ("No such host", SocketError.HostNotFound),
        ("Name or service not known", SocketError.HostNotFound),
        ("nodename nor servname", SocketError.HostNotFound),
        ("Temporary failure in name resolution", SocketError.TryAgain),
        ("timed out", SocketError.TimedOut),
        ("did not properly respond", SocketError.TimedOut),
        ("unreachable", SocketError.HostUnreachable),
        ("No route to host", SocketError.HostUnreachable),
        ("Broken pipe", SocketError.Shutdown),
        ("aborted", SocketError.ConnectionAborted),
    ];

    private static readonly ConstructorInfo s_withMessage = typeof(Exception).GetConstructor([typeof(string)])!;

    /// <summary>An exception of a type; null where no public constructor makes one.</summary>
    public static Exception? Make(Type type, RecordedError error)
    {
        try
        {
            return Known(type, error) ?? ByConvention(type, error);
        }
        catch (Exception e)
            when (e
                    is TargetInvocationException
                        or MemberAccessException
                        or ArgumentException
                        or NotSupportedException
                        or TypeInitializationException
            )
        {
            return null;
        }
    }

    /// <summary>
    /// An exception of a type with its message and nothing else, made without a constructor of its own; null where that cannot be thrown.
    /// </summary>
    public static Exception? Bare(Type type, string message)
    {
        try
        {
            var made = (Exception)RuntimeHelpers.GetUninitializedObject(type);
            s_withMessage.Invoke(made, [message]);
            // Code of its own that needs more than that says so.
            _ = made.ToString();
            return made;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static Exception? Known(Type type, RecordedError error) =>
        type.FullName switch
        {
            "System.Net.Http.HttpRequestException" => Request(error),
            "System.Net.Http.HttpIOException" => new HttpIOException(
                RequestErrorOf(error.Message),
                SuffixPattern().Replace(error.Message, "")
            ),
            "System.Net.Sockets.SocketException" => new SocketException((int)SocketOf(error.Message), error.Message),
            "System.IO.IOException" when SocketOf(error.Message) is not SocketError.SocketError and var socket => new IOException(
                error.Message,
                new SocketException((int)socket)
            ),
            "System.IO.FileNotFoundException" when FilePattern().Match(error.Message) is { Success: true } match =>
                new FileNotFoundException(error.Message, match.Groups["name"].Value),
            "System.Threading.Tasks.TaskCanceledException" => new TaskCanceledException(error.Message, TimeOutIn(error.Message)),
            "System.ArgumentException" when Parameter(error.Message) is var (message, name) => new ArgumentException(message, name),
            "System.ArgumentNullException" when Parameter(error.Message) is var (message, name) => new ArgumentNullException(name, message),
            "System.ArgumentNullException" => new ArgumentNullException(null, error.Message),
            "System.ArgumentOutOfRangeException" when Parameter(error.Message) is var (message, name) => new ArgumentOutOfRangeException(
                name,
                message
            ),
            "System.ArgumentOutOfRangeException" => new ArgumentOutOfRangeException(null, error.Message),
            "System.ObjectDisposedException" when DisposedPattern().Match(error.Message) is { Success: true } match =>
                new ObjectDisposedException(match.Groups["name"].Value, match.Groups["message"].Value),
            "System.ObjectDisposedException" => new ObjectDisposedException(null, error.Message),
            _ => null,
        };

    private static HttpRequestException Request(RecordedError error)
    {
        var kind = RequestErrorOf(error.Message);
        Exception? inner = kind switch
        {
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => new SocketException((int)SocketOf(error.Message)),
            HttpRequestError.SecureConnectionError => new AuthenticationException(error.Message),
            HttpRequestError.ResponseEnded => new HttpIOException(kind),
            _ => null,
        };
        return kind == HttpRequestError.Unknown
            ? new(error.Message, null, StatusOf(error))
            : new HttpRequestException(kind, error.Message, inner, StatusOf(error));
    }

    private static HttpRequestError RequestErrorOf(string message) =>
        SuffixPattern().Match(message) is { Success: true } match
        && Enum.TryParse<HttpRequestError>(match.Groups["kind"].Value, out var kind)
            ? kind
        : message.Contains("SSL", StringComparison.Ordinal) ? HttpRequestError.SecureConnectionError
        : message.Contains("ended prematurely", StringComparison.Ordinal) ? HttpRequestError.ResponseEnded
        : SocketOf(message) switch
        {
            SocketError.HostNotFound or SocketError.TryAgain => HttpRequestError.NameResolutionError,
            SocketError.SocketError => HttpRequestError.Unknown,
            _ => HttpRequestError.ConnectionError,
        };

    private static SocketError SocketOf(string message)
    {
        foreach (var (words, error) in s_sockets)
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase))
                return error;
        return SocketError.SocketError;
    }

    // HttpClient says its own time-out in these words, and holds it within.
    private static TimeoutException? TimeOutIn(string message) =>
        message.Contains("HttpClient.Timeout", StringComparison.Ordinal) ? new TimeoutException("A task was canceled.") : null;

    private static (string Message, string Name)? Parameter(string message) =>
        ParameterPattern().Match(message) is { Success: true } match ? (match.Groups["message"].Value, match.Groups["name"].Value) : null;

    private static HttpStatusCode? StatusOf(RecordedError error)
    {
        var (pattern, otherwise) = error.Class switch
        {
            "rate-limit" => (Http4Pattern(), HttpStatusCode.TooManyRequests),
            "http-5xx" => (Http5Pattern(), HttpStatusCode.ServiceUnavailable),
            "http-4xx" => (Http4Pattern(), HttpStatusCode.BadRequest),
            _ => (StatusPattern(), (HttpStatusCode?)null),
        };
        return pattern.Match(error.Message) is { Success: true } match
            ? (HttpStatusCode)int.Parse(match.Groups["code"].Value, NumberStyles.None, CultureInfo.InvariantCulture)
            : otherwise;
    }

    // Of several the one that takes most of what is known; then the shortest.
    private static Exception? ByConvention(Type type, RecordedError error)
    {
        var status = StatusOf(error);
        var made = type.GetConstructors()
            .Select(c => (Constructor: c, Arguments: Arguments(c.GetParameters(), error.Message, status)))
            .Where(c => c.Arguments is not null)
            .OrderByDescending(c => c.Arguments!.Count(a => a is string text && text == error.Message))
            .ThenByDescending(c => c.Arguments!.Count(a => a is int or HttpStatusCode))
            .ThenBy(c => c.Arguments!.Length)
            .Select(c => (Exception)c.Constructor.Invoke(c.Arguments))
            .FirstOrDefault();
        if (made is not null && status is { } code)
            SetStatus(made, code);
        return made;
    }

    // Null where the constructor wants something that nobody recorded.
    private static object?[]? Arguments(ParameterInfo[] parameters, string message, HttpStatusCode? status)
    {
        var arguments = new object?[parameters.Length];
        var said = false;
        for (var i = 0; i < parameters.Length; i++)
        {
            var (parameter, type) = (parameters[i], parameters[i].ParameterType);
            if (type == typeof(string) && !said)
                (arguments[i], said) = (message, true);
            else if (type == typeof(HttpStatusCode) || type == typeof(HttpStatusCode?))
                arguments[i] = status;
            else if (
                type == typeof(int)
                && parameter.Name?.Contains("status", StringComparison.OrdinalIgnoreCase) == true
                && status is { } code
            )
                arguments[i] = (int)code;
            else if (!said && GrpcStatus.Of(type, message) is { } grpc)
                (arguments[i], said) = (grpc, true);
            else if (parameter.HasDefaultValue)
                arguments[i] = parameter.DefaultValue;
            else if (type != typeof(Exception))
                return null;
            if (arguments[i] is null && type == typeof(HttpStatusCode))
                return null;
        }
        return arguments;
    }

    // A status that only its type's own code may set is still one that a catch clause reads.
    private static void SetStatus(Exception exception, HttpStatusCode status)
    {
        foreach (var name in (string[])["Status", "StatusCode"])
        {
            if (exception.GetType().GetProperty(name) is not { SetMethod: { } set, GetMethod: not null } property)
                continue;
            if (property.PropertyType == typeof(int))
                set.Invoke(exception, [(int)status]);
            else if (property.PropertyType == typeof(HttpStatusCode) || property.PropertyType == typeof(HttpStatusCode?))
                set.Invoke(exception, [status]);
        }
    }

    [GeneratedRegex(@" \((?<kind>[A-Z][A-Za-z]+)\)$")]
    private static partial Regex SuffixPattern();

    [GeneratedRegex(@"^(?<message>.*) \(Parameter '(?<name>[^']*)'\)$", RegexOptions.Singleline)]
    private static partial Regex ParameterPattern();

    [GeneratedRegex(@"^Could not find file '(?<name>[^']*)'")]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"^(?<message>.*?)\s+Object name: '(?<name>[^']*)'\.$", RegexOptions.Singleline)]
    private static partial Regex DisposedPattern();

    [GeneratedRegex(@"(?i:status)\D{0,40}\b(?<code>[1-5][0-9][0-9])\b")]
    private static partial Regex StatusPattern();

    [GeneratedRegex(@"\b(?<code>4[0-9][0-9])\b")]
    private static partial Regex Http4Pattern();

    [GeneratedRegex(@"\b(?<code>5[0-9][0-9])\b")]
    private static partial Regex Http5Pattern();
}
