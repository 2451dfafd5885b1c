using System.Text.RegularExpressions;
using ReplayHarness.Traces;

namespace ReplayHarness.Shapes;

/// <summary>
/// The class of an error, independent of language and library: <c>timeout</c>, <c>cancelled</c>, <c>connection</c>, <c>http-4xx</c>,
/// <c>http-5xx</c>, <c>rate-limit</c>, <c>invalid-arguments</c>, <c>unknown-tool</c>, <c>model</c>, <c>step-limit</c>, <c>wrong-result</c>,
/// or <c>other:</c> and the simple type name. Facts decide, the surest first: a code, the type, and only then the words of the message.
/// </summary>
internal static partial class ErrorClass
{
    /// <summary>A time-out passed.</summary>
    public const string Timeout = "timeout";

    /// <summary>Cancelled from outside: a victim, not a cause.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Nobody could be reached, or the connection broke.</summary>
    public const string Connection = "connection";

    /// <summary>A service refused the request.</summary>
    public const string Http4 = "http-4xx";

    /// <summary>A service failed.</summary>
    public const string Http5 = "http-5xx";

    /// <summary>A service was asked too often.</summary>
    public const string RateLimit = "rate-limit";

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

    private const string Other = "other:";

    /// <summary>The class of an error.</summary>
    public static string Of(CallError error) => error.Class ?? Known(error) ?? $"{Other}{SimpleName(error.Type)}";

    /// <summary>A type's name without its namespace; <c>Error</c> where none was recorded.</summary>
    public static string SimpleName(string type) => type.Length == 0 ? "Error" : type[(type.LastIndexOfAny(['.', ':', '+']) + 1)..];

    private static string? Known(CallError error)
    {
        if ((error.Code is { } code ? ErrorCodes.ClassOf(code) : null) is { } told)
            return told;
        if (ErrorCodes.ClassOf(error.Type) is { } named)
            return named;
        if (KnownErrors.Find(error.Type) is { } known)
            return known.Reading switch
            {
                ErrorReading.Type => known.Class,
                ErrorReading.Message => OfMessage(error) ?? (known.Class.Length == 0 ? null : known.Class),
                _ => null,
            };
        return ErrorWords.OfType(SimpleName(error.Type)) ?? OfMessage(error) ?? (ErrorWords.IsOfModel(error.Type) ? Model : null);
    }

    private static string? OfMessage(CallError error) =>
        error.Message.Length == 0 ? null
        : AwsCode().Match(error.Message) is { Success: true } aws ? OfAws(aws.Groups[1].Value)
        : ErrorWords.OfMessage(error.Message) is { } told ? told
        : ErrorWords.OfRefusal(SimpleName(error.Type), error.Message) is { } refused ? refused
        : IsOfModelsArguments(error) ? InvalidArguments
        : null;

    // The clients of AWS have one exception for all services: the type of the error stands in its message.
    private static string? OfAws(string code) => Known(new(code, ""));

    // .NET's exception for any argument of any method: the model gave only those of the tool, which a message names.
    private static bool IsOfModelsArguments(CallError error) =>
        SimpleName(error.Type) == "ArgumentException" && NamesParameter().IsMatch(error.Message) && !OfCollection().IsMatch(error.Message);

    [GeneratedRegex(@"^An error occurred \((\w+)\) when calling the \w+ operation")]
    private static partial Regex AwsCode();

    [GeneratedRegex(@"\(Parameter '|Parameter name: |\b(parameter|argument)s?\b", RegexOptions.IgnoreCase)]
    private static partial Regex NamesParameter();

    // What collections and buffers say of their own methods' arguments.
    [GeneratedRegex(
        @"same key|already (been added|exists)|destination (array|is too short)" + "|offset and length were out of bounds",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex OfCollection();
}
