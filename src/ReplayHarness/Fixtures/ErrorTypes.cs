using System.Text.RegularExpressions;
using ReplayHarness.Shapes;

namespace ReplayHarness.Fixtures;

/// <summary>
/// Which exception of .NET a captured error is: itself where it is one, else the one that means the same in .NET, else the nearest of its
/// class. This is the one table; docs/fixture.md shows it.
/// </summary>
internal static partial class ErrorTypes
{
    /// <summary>What an error of no known name and class becomes.</summary>
    private const string Unknown = "System.InvalidOperationException";

    /// <summary>By error class; also what fixtures hold that were captured before types were kept.</summary>
    public static IReadOnlyList<(string Class, string Exception)> Classes { get; } =
    [
        (ErrorClass.Timeout, "System.TimeoutException"),
        (ErrorClass.Cancelled, "System.OperationCanceledException"),
        ("connection", "System.IO.IOException"),
        ("http-4xx", "System.Net.Http.HttpRequestException"),
        ("http-5xx", "System.Net.Http.HttpRequestException"),
        ("rate-limit", "System.Net.Http.HttpRequestException"),
        (ErrorClass.InvalidArguments, "System.ArgumentException"),
    ];

    /// <summary>By the name that another language or library gives it, without namespace or module, whatever the class.</summary>
    public static IReadOnlyList<(string Exception, string[] Names)> Names { get; } =
    [
        ("System.TimeoutException", ["TimeoutError", "ReadTimeout", "ConnectTimeout", "APITimeoutError", "SocketTimeoutException"]),
        ("System.OperationCanceledException", ["AbortError", "CancelledError", "CancellationException"]),
        (
            "System.Net.Http.HttpRequestException",
            [
                "ConnectError",
                "ReadError",
                "WriteError",
                "RemoteProtocolError",
                "HTTPStatusError",
                "HTTPError",
                "HttpRequestError",
                "HttpResponseError",
                "APIConnectionError",
                "APIStatusError",
                "ClientConnectorError",
                "ClientResponseError",
                "ServerDisconnectedError",
                "FetchError",
                "ConnectException",
                "UnknownHostException",
                "ECONNREFUSED",
                "ENOTFOUND",
            ]
        ),
        (
            "System.IO.IOException",
            [
                "ConnectionError",
                "ConnectionRefusedError",
                "ConnectionResetError",
                "ConnectionAbortedError",
                "BrokenPipeError",
                "ECONNRESET",
                "EPIPE",
            ]
        ),
        ("System.IO.FileNotFoundException", ["FileNotFoundError", "NoSuchFileException", "ENOENT"]),
        ("System.IO.EndOfStreamException", ["EOFError", "EOFException"]),
        ("System.UnauthorizedAccessException", ["PermissionError", "AccessDeniedException", "EACCES"]),
        ("System.Collections.Generic.KeyNotFoundException", ["KeyError"]),
        ("System.IndexOutOfRangeException", ["IndexError", "IndexOutOfBoundsException", "ArrayIndexOutOfBoundsException"]),
        ("System.Text.Json.JsonException", ["JSONDecodeError", "JsonParseException", "JsonProcessingException"]),
        ("System.NotSupportedException", ["UnsupportedOperationException"]),
        ("System.NullReferenceException", ["NullPointerException"]),
        ("System.DivideByZeroException", ["ZeroDivisionError"]),
        ("System.OverflowException", ["OverflowError"]),
        ("System.ArgumentException", ["IllegalArgumentException", "ValidationError", "ZodError"]),
    ];

    /// <summary>Names that say so little that an error's class, where it has one, says more: <c>TypeError: fetch failed</c>.</summary>
    public static IReadOnlyList<(string Exception, string[] Names)> VagueNames { get; } =
    [
        ("System.ArgumentException", ["ValueError"]),
        ("System.ArgumentOutOfRangeException", ["RangeError"]),
        ("System.InvalidCastException", ["TypeError", "ClassCastException"]),
        ("System.FormatException", ["SyntaxError", "NumberFormatException"]),
        ("System.MissingMemberException", ["AttributeError", "ReferenceError"]),
        ("System.IO.IOException", ["OSError", "IOError"]),
        (Unknown, ["Error", "Exception", "RuntimeError", "RuntimeException", "IllegalStateException"]),
    ];

    // What .NET programs record without a namespace.
    private static readonly string[] s_framework =
    [
        "System.ArgumentException",
        "System.ArgumentNullException",
        "System.ArgumentOutOfRangeException",
        "System.Collections.Generic.KeyNotFoundException",
        "System.FormatException",
        "System.IndexOutOfRangeException",
        "System.InvalidCastException",
        "System.InvalidOperationException",
        "System.IO.EndOfStreamException",
        "System.IO.FileNotFoundException",
        "System.IO.IOException",
        "System.Net.Http.HttpIOException",
        "System.Net.Http.HttpRequestException",
        "System.Net.Sockets.SocketException",
        "System.NotSupportedException",
        "System.NullReferenceException",
        "System.ObjectDisposedException",
        "System.OperationCanceledException",
        "System.Text.Json.JsonException",
        "System.Threading.Tasks.TaskCanceledException",
        "System.TimeoutException",
        "System.UnauthorizedAccessException",
    ];

    /// <summary>The exception that a captured error becomes in a replay.</summary>
    public static string Of(string type, string errorClass) =>
        QualifiedPattern().IsMatch(type) ? type : Equal(type, errorClass) ?? OfClass(errorClass);

    /// <summary>
    /// Whether a type is one of .NET: in a namespace, of generic arguments, or called as exceptions are there and by no name of the tables.
    /// </summary>
    public static bool IsOfDotNet(string type) =>
        QualifiedPattern().IsMatch(type)
        || type.AsSpan().IndexOfAny('`', '<') > 0
        || (UnqualifiedPattern().IsMatch(type) && Find(Names, type) is null && Find(VagueNames, type) is null);

    /// <summary>The exception that means in .NET what an error of another language means; null where the table holds none.</summary>
    public static string? Equal(string type, string errorClass)
    {
        var name = ErrorClass.SimpleName(type);
        return s_framework.FirstOrDefault(f => type == ErrorClass.SimpleName(f))
            ?? Find(Names, name)
            ?? (Classes.Any(c => c.Class == errorClass) ? null : Find(VagueNames, name));
    }

    /// <summary>The exception that stands for a class of errors.</summary>
    public static string OfClass(string errorClass) =>
        Classes.Where(c => c.Class == errorClass).Select(c => c.Exception).FirstOrDefault() ?? Unknown;

    /// <summary>
    /// What is tried for a captured error, the best first. What a fixture says by itself comes before everything; the mere name of a class
    /// is what fixtures hold that were captured before types were kept.
    /// </summary>
    public static IEnumerable<string> Candidates(RecordedError error)
    {
        var equal = Equal(error.Type, error.Class);
        string[] own = error.Exception == OfClass(error.Class) ? [] : [error.Exception];
        return own.Append(error.Type).Concat(equal is null ? [] : [equal]).Append(error.Exception).Append(OfClass(error.Class));
    }

    private static string? Find(IReadOnlyList<(string Exception, string[] Names)> rows, string name) =>
        rows.Where(r => r.Names.Contains(name, StringComparer.Ordinal)).Select(r => r.Exception).FirstOrDefault();

    [GeneratedRegex(@"^[A-Z]\w*Exception$")]
    private static partial Regex UnqualifiedPattern();

    // Namespaces of .NET begin with capitals, those of other languages do not.
    [GeneratedRegex(@"^([A-Z]\w*\.)+[A-Z]\w*(\+\w+)*Exception$")]
    private static partial Regex QualifiedPattern();
}
