using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Fixtures;
using ReplayHarness.Shapes;

namespace ReplayHarness.Wire;

/// <summary>What a recorded error of the model is on the wire.</summary>
/// <param name="Status">The HTTP status; 0 where there is no answer.</param>
/// <param name="RetryAfter">The seconds that the client is told to wait, or null.</param>
internal readonly record struct WireRefusal(int Status, int? RetryAfter)
{
    /// <summary>The provider never answers: only the client's time-out ends it.</summary>
    public bool Hangs => Status == NeverAnswers;

    /// <summary>The connection breaks.</summary>
    public bool Breaks => Status == BrokenConnection;

    private const int NeverAnswers = 0,
        BrokenConnection = -1,
        Overloaded = 503;

    /// <summary>
    /// The same of a tool's request: a call that was cancelled for a sibling's sake fails as it did, whatever becomes of that.
    /// </summary>
    public static WireRefusal? OfTool(RecordedError error) => error.Class == ErrorClass.Cancelled ? new(BrokenConnection, null) : Of(error);

    /// <summary>The refusal that an error stands for; null for one that is no refusal: a model that answers, but not usefully.</summary>
    public static WireRefusal? Of(RecordedError error)
    {
        var told = Refusals.Status().Match($"{error.Type} {error.Message}") is { Success: true } match
            ? int.Parse(match.Value, CultureInfo.InvariantCulture)
            : (int?)null;
        var wait = ModelRefusals.WaitOf(error);
        return error.Class switch
        {
            "rate-limit" => new(429, (int)Math.Ceiling((wait ?? ModelRefusals.UsualWait).TotalSeconds)),
            "http-5xx" => new(
                told is >= 500 and <= 599 ? told.Value
                    : error.Message.Contains("overloaded", StringComparison.OrdinalIgnoreCase) ? Overloaded
                    : 500,
                wait is { } asked ? (int)Math.Ceiling(asked.TotalSeconds) : null
            ),
            "http-4xx" or ErrorClass.InvalidArguments => new(told is >= 400 and <= 499 ? told.Value : 400, null),
            // What the agent itself cancelled, it cancels.
            ErrorClass.Timeout or ErrorClass.Cancelled => new(NeverAnswers, null),
            "connection" => new(BrokenConnection, null),
            ErrorClass.Model => null,
            _ => new(500, null),
        };
    }
}

internal static partial class Refusals
{
    [GeneratedRegex(@"\b[45]\d\d\b")]
    public static partial Regex Status();
}
