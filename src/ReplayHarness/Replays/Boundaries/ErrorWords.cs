using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>What the words of an error's message say: an error of a socket, of a request over HTTP, of the operating system.</summary>
internal static partial class ErrorWords
{
    // More than any system has, and all of them small.
    private const int LastErrno = 200;

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

    // What HttpClient says of the rest.
    private static readonly (string Words, HttpRequestError Error)[] s_requests =
    [
        ("SSL", HttpRequestError.SecureConnectionError),
        ("ended prematurely", HttpRequestError.ResponseEnded),
        ("proxy tunnel", HttpRequestError.ProxyTunnelError),
        ("HTTP/2 server", HttpRequestError.HttpProtocolError),
        ("HTTP/3 server", HttpRequestError.HttpProtocolError),
        ("invalid status line", HttpRequestError.InvalidResponse),
        ("invalid header", HttpRequestError.InvalidResponse),
        ("maximum buffer size", HttpRequestError.ConfigurationLimitExceeded),
    ];

    // What a file system refuses; Unix has its own number for it, Windows says it in other words.
    private static readonly (string Words, int Code)[] s_files =
    [
        ("No space left on device", 28),
        ("There is not enough space on the disk", unchecked((int)0x80070070)),
        ("Read-only file system", 30),
        ("Input/output error", 5),
        ("Too many open files", 24),
        ("Disk quota exceeded", 122),
        ("The directory is not empty", unchecked((int)0x80070091)),
        ("Directory not empty", 39),
    ];

    /// <summary>The error of a socket; <see cref="SocketError.SocketError"/> where there is none.</summary>
    public static SocketError SocketOf(string message)
    {
        foreach (var (words, error) in s_sockets)
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase))
                return error;
        return SocketError.SocketError;
    }

    /// <summary>The error of a request; <see cref="HttpRequestError.Unknown"/> where there is none.</summary>
    public static HttpRequestError RequestOf(string message)
    {
        if (
            RequestSuffix().Match(message) is { Success: true } match
            && Enum.TryParse<HttpRequestError>(match.Groups["kind"].Value, out var kind)
        )
            return kind;
        foreach (var (words, error) in s_requests)
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase))
                return error;
        return SocketOf(message) switch
        {
            SocketError.HostNotFound or SocketError.TryAgain => HttpRequestError.NameResolutionError,
            SocketError.SocketError => HttpRequestError.Unknown,
            _ => HttpRequestError.ConnectionError,
        };
    }

    /// <summary>The message of a request's error without its kind.</summary>
    public static string WithoutKind(string message) => RequestSuffix().Replace(message, "");

    /// <summary>The <see cref="Exception.HResult"/> of an error of a file system; null where the words leave it open.</summary>
    public static int? FileCodeOf(string message)
    {
        foreach (var (words, code) in s_files)
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase))
                return code;
        // In these words both systems speak: the path tells them apart.
        var path = PathPattern().Match(message).Groups["path"].Value;
        var (unix, windows) =
            message.Contains("being used by another process", StringComparison.Ordinal) ? (11, 0x80070020)
            : message.Contains("already exists", StringComparison.Ordinal) ? (17, 0x80070050)
            : (0, 0u);
        return unix == 0 || path.Length == 0 ? null
            : path[0] == '/' ? unix
            : path.Length > 1 && path[1] == ':' ? unchecked((int)windows)
            : null;
    }

    /// <summary>The number that the operating system gives an error, by its last words; null where it has none.</summary>
    public static int? ErrnoOf(string message)
    {
        for (var errno = 1; errno < LastErrno; errno++)
            if (
                new Win32Exception(errno).Message is { Length: > 0 } words
                && !words.Contains(errno.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                && message.EndsWith(words, StringComparison.Ordinal)
            )
                return errno;
        return null;
    }

    [GeneratedRegex(@" \((?<kind>[A-Z][A-Za-z]+)\)$")]
    private static partial Regex RequestSuffix();

    [GeneratedRegex("'(?<path>[^']+)'")]
    private static partial Regex PathPattern();
}
