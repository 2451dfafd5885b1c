using System.Collections.Frozen;

namespace ReplayHarness.Shapes;

/// <summary>The codes that errors carry, each with its class. docs/shapes.md shows the table.</summary>
internal static class ErrorCodes
{
    private const string Grpc = "grpc ",
        Sql = "sql ";
    private const int TooManyRequests = 429;

    /// <summary>The codes of a kind, with their class. The kind says where such a code stands.</summary>
    public static IReadOnlyList<(string Kind, string Class, string[] Codes)> All { get; } =
    [
        // The names of HTTP's statuses, as clients write them where the number belongs.
        ("HTTP", ErrorClass.RateLimit, ["TooManyRequests"]),
        (
            "HTTP",
            ErrorClass.Http4,
            [
                "BadRequest",
                "Unauthorized",
                "PaymentRequired",
                "Forbidden",
                "NotFound",
                "MethodNotAllowed",
                "RequestTimeout",
                "Conflict",
                "Gone",
                "PreconditionFailed",
                "UnprocessableEntity",
                "UnprocessableContent",
            ]
        ),
        ("HTTP", ErrorClass.Http5, ["InternalServerError", "NotImplemented", "BadGateway", "ServiceUnavailable", "GatewayTimeout"]),
        // As google/rpc/code.proto maps gRPC's codes to HTTP, but for those that say how the call itself ended.
        ("gRPC", ErrorClass.Cancelled, ["CANCELLED"]),
        ("gRPC", ErrorClass.Timeout, ["DEADLINE_EXCEEDED"]),
        ("gRPC", ErrorClass.Connection, ["UNAVAILABLE"]),
        ("gRPC", ErrorClass.RateLimit, ["RESOURCE_EXHAUSTED"]),
        (
            "gRPC",
            ErrorClass.Http4,
            [
                "INVALID_ARGUMENT",
                "NOT_FOUND",
                "ALREADY_EXISTS",
                "PERMISSION_DENIED",
                "FAILED_PRECONDITION",
                "ABORTED",
                "OUT_OF_RANGE",
                "UNAUTHENTICATED",
            ]
        ),
        ("gRPC", ErrorClass.Http5, ["UNKNOWN", "UNIMPLEMENTED", "INTERNAL", "DATA_LOSS"]),
        // SQLSTATE: 08 is the class of connections; of the others those that PostgreSQL ends a connection with, or gives none.
        ("SQL", ErrorClass.Connection, ["08000", "08001", "08003", "08004", "08006", "08007", "53300", "57P01", "57P02", "57P03"]),
        ("SQL", ErrorClass.Timeout, ["HYT00", "HYT01", "55P03"]),
        // Sockets: errno of POSIX, as node and Python write it, and what undici and axios add. ECONNABORTED is a time-out of axios, so
        // that its message decides (KnownErrors).
        (
            "socket",
            ErrorClass.Connection,
            [
                "ECONNREFUSED",
                "ECONNRESET",
                "ENOTFOUND",
                "EAI_AGAIN",
                "EPIPE",
                "EHOSTUNREACH",
                "ENETUNREACH",
                "ENETDOWN",
                "EHOSTDOWN",
                "ENOTCONN",
                "UND_ERR_SOCKET",
                "ERR_NETWORK",
            ]
        ),
        (
            "socket",
            ErrorClass.Timeout,
            ["ETIMEDOUT", "ESOCKETTIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]
        ),
        ("socket", ErrorClass.Cancelled, ["ERR_CANCELED", "ABORT_ERR", "UND_ERR_ABORTED"]),
        ("socket", ErrorClass.Http4, ["ERR_BAD_REQUEST"]),
        ("socket", ErrorClass.Http5, ["ERR_BAD_RESPONSE"]),
        // error.type of OpenTelemetry: what .NET's HttpClient writes, and the codes of OpenAI and Anthropic.
        ("error.type", ErrorClass.Connection, ["name_resolution_error", "connection_error", "secure_connection_error", "response_ended"]),
        ("error.type", ErrorClass.Timeout, ["timeout", "timeout_error", "request_timeout"]),
        ("error.type", ErrorClass.Cancelled, ["cancelled", "canceled"]),
        ("error.type", ErrorClass.RateLimit, ["rate_limit_exceeded", "rate_limit_error", "insufficient_quota"]),
        (
            "error.type",
            ErrorClass.Http4,
            ["invalid_request_error", "authentication_error", "permission_error", "not_found_error", "context_length_exceeded"]
        ),
        ("error.type", ErrorClass.Http5, ["server_error", "api_error", "overloaded_error", "internal_server_error"]),
    ];

    // The numbers of gRPC, 0 is OK.
    private static readonly string[] s_grpc =
    [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    private static readonly FrozenDictionary<string, string> s_byCode = All.SelectMany(r =>
            r.Codes.Select(c => KeyValuePair.Create(Key(r.Kind, c), r.Class))
        )
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The class of a code: a status of HTTP, a code of a socket or of <c>error.type</c>, or one of gRPC or SQL with its kind before it,
    /// as <see cref="Traces.Dialects.Errors"/> reads it from a span; null for any other text.
    /// </summary>
    public static string? ClassOf(string code) =>
        code.Length == 3 && IsNumber(code) ? OfStatus(Number(code))
        : code.StartsWith(Grpc, StringComparison.Ordinal) ? OfGrpc(code[Grpc.Length..])
        : s_byCode.GetValueOrDefault(code);

    /// <summary>The class of a status of HTTP, by its number; null for one that is no error.</summary>
    public static string? OfStatus(int status) =>
        status switch
        {
            TooManyRequests => ErrorClass.RateLimit,
            >= 400 and < 500 => ErrorClass.Http4,
            >= 500 and < 600 => ErrorClass.Http5,
            _ => null,
        };

    /// <summary>The class of a status of HTTP, by its name.</summary>
    public static string? OfStatus(string name) => s_byCode.GetValueOrDefault(Key("HTTP", name));

    /// <summary>The class of a code of gRPC: its number, or its name in any spelling.</summary>
    public static string? OfGrpc(string code) =>
        s_byCode.GetValueOrDefault(
            Key("gRPC", code.Length is 1 or 2 && IsNumber(code) && Number(code) < s_grpc.Length ? s_grpc[Number(code)] : code)
        );

    /// <summary>The class of a SQLSTATE.</summary>
    public static string? OfSql(string state) => s_byCode.GetValueOrDefault(Sql + state);

    private static string Key(string kind, string code) =>
        kind switch
        {
            "HTTP" => $"http {code}",
            "gRPC" => Grpc + code.Replace("_", "", StringComparison.Ordinal),
            "SQL" => Sql + code,
            _ => code,
        };

    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);

    private static int Number(string digits) => digits.Aggregate(0, (sum, digit) => (sum * 10) + digit - '0');
}
