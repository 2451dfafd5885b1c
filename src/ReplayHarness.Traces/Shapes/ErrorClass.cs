using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// The class of an error, independent of language and library: <c>timeout</c>, <c>cancelled</c>, <c>connection</c>, <c>http-4xx</c>,
/// <c>http-5xx</c>, <c>rate-limit</c>, <c>invalid-arguments</c>, <c>unknown-tool</c>, <c>model</c>, <c>step-limit</c>, <c>wrong-result</c>,
/// or <c>other:</c> and the simple type name.
/// </summary>
internal static partial class ErrorClass
{
    /// <summary>A time-out passed.</summary>
    public const string Timeout = "timeout";

    /// <summary>Cancelled from outside: a victim, not a cause.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The model failed to answer usefully.</summary>
    public const string Model = "model";

    /// <summary>The agent's limit on turns or steps was reached, or would be.</summary>
    public const string StepLimit = "step-limit";

    /// <summary>A call returned something else than it should.</summary>
    public const string WrongResult = "wrong-result";

    /// <summary>There is no tool of the name.</summary>
    public const string UnknownTool = "unknown-tool";

    /// <summary>A tool does not take the arguments.</summary>
    public const string InvalidArguments = "invalid-arguments";

    // First match wins: what is most specific stands first. Matched against "Type: message".
    private static readonly (string Class, Regex Pattern)[] s_rows =
    [
        (StepLimit, StepLimitPattern()),
        ("rate-limit", RateLimitPattern()),
        (Timeout, TimeoutPattern()),
        (Cancelled, CancelledPattern()),
        (UnknownTool, UnknownToolPattern()),
        (InvalidArguments, InvalidArgumentsPattern()),
        ("http-5xx", Http5Pattern()),
        ("http-4xx", Http4Pattern()),
        ("connection", ConnectionPattern()),
        (Model, ModelPattern()),
    ];

    /// <summary>The class of an error.</summary>
    public static string Of(CallError error)
    {
        var text = $"{error}";
        foreach (var (name, pattern) in s_rows)
            if (pattern.IsMatch(text) && (name != InvalidArguments || !IsItsOwn(error)))
                return name;
        return $"other:{SimpleName(error.Type)}";
    }

    // .NET's exception for any argument of any method: the model gave only those of the tool, which a message names.
    private static bool IsItsOwn(CallError error) =>
        SimpleName(error.Type) == "ArgumentException"
        && (!NamesParameterPattern().IsMatch(error.Message) || OfCollectionPattern().IsMatch(error.Message));

    /// <summary>A type's name without its namespace; <c>Error</c> where none was recorded.</summary>
    public static string SimpleName(string type) => type.Length == 0 ? "Error" : type[(type.LastIndexOfAny(['.', ':', '+']) + 1)..];

    [GeneratedRegex(
        @"Max(Turns|Steps|Iterations)|max(imum)?[ _](turns|steps|iterations)|RecursionLimit|recursion limit|UsageLimitExceeded",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex StepLimitPattern();

    [GeneratedRegex(@"RateLimit|rate limit|TooManyRequests|\b429\b", RegexOptions.IgnoreCase)]
    private static partial Regex RateLimitPattern();

    [GeneratedRegex(@"Timeout|timed out|ETIMEDOUT|DeadlineExceeded", RegexOptions.IgnoreCase)]
    private static partial Regex TimeoutPattern();

    [GeneratedRegex(@"Abort(ed)?Error|Cancel(l)?ed|was aborted", RegexOptions.IgnoreCase)]
    private static partial Regex CancelledPattern();

    [GeneratedRegex(
        @"NoSuchTool|UnknownTool|ToolNotFound|unknown tool|(tool|function) ['""`]?[\w.-]*['""`]? ?not found"
            + "|is not a valid tool|no tool named",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex UnknownToolPattern();

    [GeneratedRegex(
        @"InvalidTool(Input|Arguments)|InvalidArgument|ValidationError|ArgumentException|invalid arguments|JsonException|ZodError"
            + "|missing argument for function parameter",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex InvalidArgumentsPattern();

    [GeneratedRegex(@"\(Parameter '|Parameter name: |\b(parameter|argument)s?\b", RegexOptions.IgnoreCase)]
    private static partial Regex NamesParameterPattern();

    // What collections and buffers say of their own methods' arguments.
    [GeneratedRegex(
        @"same key|already (been added|exists)|destination (array|is too short)" + "|offset and length were out of bounds",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex OfCollectionPattern();

    [GeneratedRegex(@"\b5[0-9][0-9]\b|InternalServerError|ServiceUnavailable|BadGateway|overloaded", RegexOptions.IgnoreCase)]
    private static partial Regex Http5Pattern();

    [GeneratedRegex(@"\b4[0-9][0-9]\b|NotFoundError|Unauthorized|Forbidden|BadRequest", RegexOptions.IgnoreCase)]
    private static partial Regex Http4Pattern();

    [GeneratedRegex(@"Connection|ECONN(RESET|REFUSED)|SocketException|socket hang up|ENOTFOUND|EPIPE", RegexOptions.IgnoreCase)]
    private static partial Regex ConnectionPattern();

    [GeneratedRegex(@"Model(Response|Behavior|HTTP)|UnexpectedModel|APICallError|AI_APICall", RegexOptions.IgnoreCase)]
    private static partial Regex ModelPattern();
}
