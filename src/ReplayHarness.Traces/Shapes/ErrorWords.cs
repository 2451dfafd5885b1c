using System.Globalization;
using System.Text.RegularExpressions;

namespace ReplayHarness.Shapes;

/// <summary>
/// The class of an error by the words of an unknown type's name, or of a message. Both are last resorts. The patterns are anchored to what
/// clients write: a number is a status only where a text says so, and that an order was cancelled is no cancellation.
/// </summary>
internal static partial class ErrorWords
{
    // First match wins. A connection's time-out is a time-out.
    private static readonly (string Class, Regex Pattern)[] s_types =
    [
        (ErrorClass.StepLimit, StepLimitType()),
        (ErrorClass.RateLimit, RateLimitType()),
        (ErrorClass.Timeout, TimeoutType()),
        (ErrorClass.UnknownTool, UnknownToolType()),
        (ErrorClass.InvalidArguments, InvalidArgumentsType()),
        (ErrorClass.Connection, ConnectionType()),
        (ErrorClass.Cancelled, CancelledType()),
        (ErrorClass.Http5, Http5Type()),
        (ErrorClass.Http4, Http4Type()),
    ];

    private static readonly (string Class, Regex Pattern)[] s_messages =
    [
        (ErrorClass.RateLimit, RateLimitText()),
        (ErrorClass.Connection, SureConnectionText()),
        (ErrorClass.Timeout, TimeoutText()),
        (ErrorClass.Cancelled, CancelledText()),
        (ErrorClass.UnknownTool, UnknownToolText()),
        (ErrorClass.InvalidArguments, InvalidArgumentsText()),
        (ErrorClass.Http5, Http5Text()),
        (ErrorClass.Http4, Http4Text()),
        (ErrorClass.Connection, ConnectionText()),
    ];

    /// <summary>The class that a type's simple name tells, or null.</summary>
    public static string? OfType(string name) => First(s_types, name);

    /// <summary>Whether a type's name says that it is the model that failed; anything else that is known of the error says more.</summary>
    public static bool IsOfModel(string type) => ModelType().IsMatch(type);

    /// <summary>The class that a message tells, or null.</summary>
    public static string? OfMessage(string message)
    {
        if (StepLimitText().IsMatch(message))
            return ErrorClass.StepLimit;
        if (StatusText().Match(message) is { Success: true } status)
            return ErrorCodes.OfStatus(int.Parse(status.Groups["status"].Value, CultureInfo.InvariantCulture));
        if (StatusName().Match(message) is { Success: true } name && ErrorCodes.OfStatus(name.Groups[1].Value) is { } named)
            return named;
        if (GrpcText().Match(message) is { Success: true } grpc && ErrorCodes.OfGrpc(grpc.Groups["code"].Value) is { } called)
            return called;
        if (SqlState().Match(message) is { Success: true } state && ErrorCodes.OfSql(state.Value) is { } told)
            return told;
        return First(s_messages, message);
    }

    /// <summary>
    /// The class of the status that a message begins with, whatever follows, where the type is one of refusals; or null. So the clients of
    /// models write it: <c>429 slow down</c>.
    /// </summary>
    public static string? OfRefusal(string name, string message) =>
        LeadingStatus().Match(message) is { Success: true } status && RefusalType().IsMatch(name)
            ? ErrorCodes.OfStatus(int.Parse(status.Value, CultureInfo.InvariantCulture))
            : null;

    private static string? First((string Class, Regex Pattern)[] rows, string text)
    {
        foreach (var (name, pattern) in rows)
            if (pattern.IsMatch(text))
                return name;
        return null;
    }

    [GeneratedRegex("Max(Turns|Steps|Iterations)|RecursionLimit|UsageLimitExceeded", RegexOptions.IgnoreCase)]
    private static partial Regex StepLimitType();

    [GeneratedRegex("RateLimit|TooManyRequests|Throttl(ing|ed)|ResourceExhausted|(Quota|Throughput)Exceeded", RegexOptions.IgnoreCase)]
    private static partial Regex RateLimitType();

    [GeneratedRegex("Timed?_?out|DeadlineExceeded", RegexOptions.IgnoreCase)]
    private static partial Regex TimeoutType();

    [GeneratedRegex("NoSuchTool|UnknownTool|ToolNotFound", RegexOptions.IgnoreCase)]
    private static partial Regex UnknownToolType();

    [GeneratedRegex("InvalidTool(Input|Arguments)|InvalidArgument|ValidationError", RegexOptions.IgnoreCase)]
    private static partial Regex InvalidArgumentsType();

    [GeneratedRegex("Connection|Disconnect|Socket(Error|Exception)|^ECONN", RegexOptions.IgnoreCase)]
    private static partial Regex ConnectionType();

    [GeneratedRegex("Abort(ed)?Error|Cancell?ed", RegexOptions.IgnoreCase)]
    private static partial Regex CancelledType();

    [GeneratedRegex("InternalServer|ServiceUnavailable|BadGateway|Overloaded", RegexOptions.IgnoreCase)]
    private static partial Regex Http5Type();

    [GeneratedRegex("Unauthorized|Forbidden|BadRequest", RegexOptions.IgnoreCase)]
    private static partial Regex Http4Type();

    [GeneratedRegex("Model(Response|Behavior|HTTP)|UnexpectedModel|APICallError|AI_APICall", RegexOptions.IgnoreCase)]
    private static partial Regex ModelType();

    // A reason to stop is written as a name, an error as a sentence that is all about the limit.
    [GeneratedRegex(
        @"^max(imum)?[ _-]?(turns|steps|iterations)([ _-]?(reached|exceeded|limit))*\.?$|\bMax(Turns|Steps|Iterations)[A-Z]\w*"
            + @"|\bmax(imum)?( number of)?( \w+)? (turns|steps|iterations)( ?\(\d+\)| of \d+|:? \d+| limit)?"
            + @"( (has|have) been| was| were)? (reached|exceeded)"
            + @"|exceed(s|ed|ing)? (the )?max(imum)?( number of|_)? ?(turns|steps|iterations)\b(?! of the)"
            + @"|recursion limit of \d+|\bRecursionLimit\w*|\bUsageLimitExceeded|iteration limit",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex StepLimitText();

    // At the start, after a word that says what the number is, or before the status's own words, which are written as a name.
    [GeneratedRegex(
        @"^(error[^:]{0,60}: |[\w.]+(Error|Exception): )?\W?(?<status>[45]\d\d)(?=$|[:,;.-]"
            + @"| ((?-i:[A-Z{(])|failed|from|error|client|server|response|at|on|for|by)\b?)"
            + @"|\bhttp( error)?[ /:=]*(\d(\.\d)? )?(?<status>[45]\d\d)\b"
            + @"|\b(status|response|error)[ _]?code['""]?[ :=]+['""(]*(?<status>[45]\d\d)\b"
            + @"|\bstatus['""]?[:=] ?['""(]*(?<status>[45]\d\d)\b|\bstatus (?<status>[45]\d\d)\b"
            + @"|\bcode['""]?[:=] ?['""(]*(?<status>[45]\d\d)\b|indicate success: (\w+ \()?(?<status>[45]\d\d)\b"
            + @"|\berrors?:? \(?(?<status>[45]\d\d)\b"
            + @"|\b(answered|returned|responded|failed|got|received)( with)?( an?)? (?<status>[45]\d\d)\b"
            + @"|(?<status>[45]\d\d)[ :]*\(?(?-i:Bad Request|Unauthorized|Forbidden|Not Found|Conflict|Too Many|Internal Server|Bad Gateway"
            + "|Service Unavailable|Gateway Time)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex StatusText();

    [GeneratedRegex(@"^[45]\d\d\b")]
    private static partial Regex LeadingStatus();

    [GeneratedRegex("^API|Http|Status|Response", RegexOptions.IgnoreCase)]
    private static partial Regex RefusalType();

    [GeneratedRegex(@"\bstatus code:? (\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex StatusName();

    [GeneratedRegex(
        @"\bStatusCode(=['""]?|\.)(?<code>\w+)"
            + "|^(\\d\\d? )?(?<code>CANCELLED|UNKNOWN|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED"
            + "|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|OUT_OF_RANGE|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS|UNAUTHENTICATED)"
            + "(?=:|$)",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex GrpcText();

    [GeneratedRegex("^[0-9A-Z]{5}(?=: )")]
    private static partial Regex SqlState();

    [GeneratedRegex(
        @"RateLimit|rate[ _-]limit|too many requests|TooManyRequests|\bthrottl(ed|ing)\b|quota (was |is )?exceeded",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex RateLimitText();

    // What these say of a time-out is only how long somebody waited.
    [GeneratedRegex(
        "transport-level error|pool has been exhausted|ECONNREFUSED|connection refused|actively refused",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex SureConnectionText();

    // Not the name of a thing of the code, in quotes or behind a dot.
    [GeneratedRegex(
        @"(?<!['""`.])\btime-?outs?\b(?!['""`]| (must|should|parameter|value|setting|option|argument|policy)\b)"
            + @"|\btimed[ -]?out\b|\w+Timeout\)|did not complete within the "
            + @"|\w*Time(d)?Out(Error|Exception)\b|\bETIMEDOUT\b|\bDeadline ?Exceeded|HttpClient\.Timeout",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex TimeoutText();

    [GeneratedRegex(
        @"^cancell?ed\b|\b(task|operation|request|call|query|tool|run|execution|signal|generation) (was |has been |is )?"
            + @"(cancell?ed|aborted)\b"
            + @"|\bAbort(ed)?Error\b|\bCancell?edError\b|Cancell?edException\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex CancelledText();

    [GeneratedRegex(
        @"NoSuchTool|UnknownTool|ToolNotFound|unknown tool|(tool|function) ['""`]?[\w.-]*['""`]? ?not found"
            + "|is not a valid tool|no tool named",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex UnknownToolText();

    [GeneratedRegex(
        @"InvalidTool(Input|Arguments)|invalid (arguments|params)\b|missing argument for function parameter"
            + @"|\bZodError\b|ValidationError\b|arguments dictionary is missing a value",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex InvalidArgumentsText();

    [GeneratedRegex(
        "InternalServerError|ServiceUnavailable|BadGateway|internal server error|bad gateway|overloaded"
            + "|service (is )?(temporarily )?unavailable",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Http5Text();

    [GeneratedRegex(@"\bBadRequest(Error)?\b|(^|: )(unauthorized|forbidden|bad request)\b|^not found($|[.:]| - )", RegexOptions.IgnoreCase)]
    private static partial Regex Http4Text();

    [GeneratedRegex(
        @"\bconnection( \w+)?( was| has been| is| to .{1,80})? (reset|closed|aborted|lost|failed|broken|terminated|refused|error)\b"
            + @"|^connection error|connection was forcibly closed|without completing the close handshake"
            + @"|transport (connection|(is )?closed)|communications link failure|\bsocket (is |was )?closed"
            + @"|\b(could not|cannot|can't|can not|unable to|failed to|not possible to) "
            + @"(connect|reach|resolve|establish a (new )?connection)\b|establishing a connection|connection could not be established"
            + "|no such host|nodename nor servname|name or service not known|name resolution|getaddrinfo|broken pipe"
            + @"|\b(ECONNRESET|ENOTFOUND|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b|socket hang up|other side closed"
            + "|(server|process) (shut down|disconnected|closed the connection|exited unexpectedly)"
            + "|response ended prematurely|unexpected end of stream|network is unreachable|no route to host"
            + @"|^fetch failed|failed to fetch|^network error|\bSocketException\b|\w*Connection(Error|Exception|Refused|Reset)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex ConnectionText();
}
