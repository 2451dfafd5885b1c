using System.Collections.Frozen;

namespace ReplayHarness.Shapes;

/// <summary>What tells the class of an error whose type is known.</summary>
internal enum ErrorReading
{
    /// <summary>The type alone.</summary>
    Type,

    /// <summary>The message, and where it says nothing the type.</summary>
    Message,

    /// <summary>Nothing: it is code that failed, whatever words its message holds.</summary>
    Own,
}

/// <summary>Types of errors of which the name tells more than the message.</summary>
/// <param name="Class">The class; empty for <c>other:</c> and the type.</param>
/// <param name="Reading">What decides.</param>
/// <param name="Names">
/// The names, without namespace or module; with it where two libraries mean different things by one name.
/// </param>
internal sealed record KnownError(string Class, ErrorReading Reading, string[] Names);

/// <summary>
/// The types that the common clients of .NET, Python, JavaScript and Java throw, from their documentation and source. A trace tells a type
/// only by its name, so that derived types stand here beside their bases. docs/shapes.md shows the table.
/// </summary>
internal static class KnownErrors
{
    /// <summary>The table.</summary>
    public static IReadOnlyList<KnownError> All { get; } =
    [
        // Raised for one reason only.
        new(
            ErrorClass.Timeout,
            ErrorReading.Type,
            [
                "TimeoutException",
                "TimeoutError",
                "TimeoutRejectedException",
                "RedisTimeoutException",
                "MongoExecutionTimeoutException",
                "ReadTimeout",
                "ConnectTimeout",
                "WriteTimeout",
                "PoolTimeout",
                "APITimeoutError",
                "SocketTimeoutException",
                "HttpTimeoutException",
                "HttpConnectTimeoutException",
                "SQLTimeoutException",
                "DeadlineExceeded",
            ]
        ),
        new(
            ErrorClass.Connection,
            ErrorReading.Type,
            [
                // A server was looked for, or reached and lost. pymongo and its like wait for a server to come back, and then say so.
                "WebSocketException",
                "MongoConnectionException",
                "MongoConnectionPoolPausedException",
                "MongoNetworkError",
                "MongoSocketException",
                "MongoSocketOpenException",
                "MongoSocketReadException",
                "MongoSocketWriteException",
                "BrokerUnreachableException",
                "AlreadyClosedException",
                "CommunicationsException",
                "MongoServerSelectionError",
                "ServerSelectionTimeoutError",
                "AutoReconnect",
                "RedisConnectionException",
                "ClientTransportClosedException",
                "AnthropicIOException",
                "OpenAIIoException",
                "ConnectionError",
                "ConnectionRefusedError",
                "ConnectionResetError",
                "ConnectionAbortedError",
                "BrokenPipeError",
                "NewConnectionError",
                "NameResolutionError",
                "ProtocolError",
                "ConnectError",
                "ReadError",
                "WriteError",
                "CloseError",
                "RemoteProtocolError",
                "ClientConnectorError",
                "ClientOSError",
                "ClientPayloadError",
                "ServerDisconnectedError",
                "EndpointConnectionError",
                "APIConnectionError",
                "gaierror",
                "IncompleteRead",
                "RemoteDisconnected",
                "SSLError",
                "SSLCertVerificationError",
                "SocketError",
                "ConnectException",
                "NoRouteToHostException",
                "UnknownHostException",
                "SSLException",
                "SSLHandshakeException",
                "System.Security.Authentication.AuthenticationException",
                "StreamResetException",
                "ConnectionShutdownException",
            ]
        ),
        new(
            ErrorClass.RateLimit,
            ErrorReading.Type,
            ["RateLimitError", "RateLimiterRejectedException", "ThrottlingException", "TooManyRequestsException"]
        ),
        new(
            ErrorClass.Http4,
            ErrorReading.Type,
            [
                "NotFoundError",
                "AuthenticationError",
                "PermissionDeniedError",
                "ConflictError",
                "UnprocessableEntityError",
                "BadRequestError",
            ]
        ),
        // Of AWS; of a file in Java (below).
        new(
            ErrorClass.Http4,
            ErrorReading.Type,
            ["AccessDeniedException", "AccessDenied", "UnrecognizedClientException", "ExpiredTokenException", "NoSuchKey", "NoSuchBucket"]
        ),
        new(ErrorClass.Http5, ErrorReading.Type, ["InternalServerError", "OverloadedError", "ServiceUnavailableException"]),
        new(
            ErrorClass.StepLimit,
            ErrorReading.Type,
            ["GraphRecursionError", "MaxTurnsExceeded", "UsageLimitExceeded", "WorkflowConvergenceException"]
        ),
        new(ErrorClass.UnknownTool, ErrorReading.Type, ["AI_NoSuchToolError", "NoSuchToolError"]),
        new(
            ErrorClass.InvalidArguments,
            ErrorReading.Type,
            // The types that frameworks refuse a call's arguments with; they are pydantic's, zod's and Java's.
            ["AI_InvalidToolInputError", "InvalidToolInputError", "ValidationError", "ZodError", "IllegalArgumentException"]
        ),
        // Who cancels often has a time-out in mind, and some say so: HttpClient.Timeout, AbortSignal.timeout.
        new(
            ErrorClass.Cancelled,
            ErrorReading.Message,
            [
                "OperationCanceledException",
                "TaskCanceledException",
                "CancelledError",
                "CancellationException",
                "AbortError",
                "QueryCanceled",
                "QueryCanceledError",
            ]
        ),
        // One type for everything that can happen on the way to a server; where the message has no status, there was no answer.
        new(
            ErrorClass.Connection,
            ErrorReading.Message,
            [
                "HttpRequestException",
                "HttpIOException",
                "WebException",
                "SocketException",
                "NpgsqlException",
                "MaxRetryError",
                "SQLTransientConnectionException",
                "ResourceAccessException",
                "ECONNABORTED",
            ]
        ),
        new(ErrorClass.Http4, ErrorReading.Message, ["AuthenticationFailedException", "HttpClientErrorException"]),
        new(ErrorClass.Http5, ErrorReading.Message, ["HttpServerErrorException"]),
        // Too general to say anything by itself.
        new("", ErrorReading.Message, ["ArgumentException"]),
        // What is plainly an error of code: a number in its message is no status, a word no reason. So two different bugs stay two classes.
        new(
            "",
            ErrorReading.Own,
            [
                "NullReferenceException",
                "IndexOutOfRangeException",
                "ArgumentNullException",
                "ArgumentOutOfRangeException",
                "KeyNotFoundException",
                "InvalidCastException",
                "FormatException",
                "OverflowException",
                "DivideByZeroException",
                "NotSupportedException",
                "ObjectDisposedException",
                "MissingMethodException",
                "TypeLoadException",
                "StackOverflowException",
                "JsonException",
                "XmlException",
                "KeyError",
                "IndexError",
                "AttributeError",
                "NameError",
                "UnboundLocalError",
                "ZeroDivisionError",
                "AssertionError",
                "NotImplementedError",
                "RecursionError",
                "ImportError",
                "ModuleNotFoundError",
                "UnicodeDecodeError",
                "JSONDecodeError",
                "ReferenceError",
                "SyntaxError",
                "NullPointerException",
                "ClassCastException",
                "IndexOutOfBoundsException",
                "ArrayIndexOutOfBoundsException",
                "NoSuchElementException",
                "NumberFormatException",
                "ConcurrentModificationException",
                "UnsupportedOperationException",
            ]
        ),
        // Files and rights of the machine it runs on, and a circuit that is open: nobody was asked.
        new(
            "",
            ErrorReading.Own,
            [
                "UnauthorizedAccessException",
                "FileNotFoundException",
                "DirectoryNotFoundException",
                "FileNotFoundError",
                "PermissionError",
                "NoSuchFileException",
                "java.nio.file.AccessDeniedException",
                "BrokenCircuitException",
                "IsolatedCircuitException",
            ]
        ),
    ];

    private static readonly FrozenDictionary<string, KnownError> s_byName = All.SelectMany(k =>
            k.Names.Select(n => KeyValuePair.Create(n, k))
        )
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What is known of a type, or null.</summary>
    public static KnownError? Find(string type)
    {
        if (s_byName.TryGetValue(type, out var known))
            return known;
        var name = ErrorClass.SimpleName(type);
        // Java's inner classes: HttpClientErrorException$NotFound.
        return s_byName.GetValueOrDefault(name) ?? s_byName.GetValueOrDefault(name[..Math.Max(0, name.IndexOf('$'))]);
    }
}
