using System.Globalization;
using System.Text.RegularExpressions;
using ReplayHarness.Traces;
using ReplayHarness.Traces.Containers;

namespace ReplayHarness.Diagnosis.Logs;

/// <summary>
/// Lines of text that begin with a time: the last resort. What a few common phrases mean is read from them, nothing else.
/// </summary>
internal static partial class FlatLog
{
    // What a line says, most specific first; the group "tool" or "why" is the detail.
    private static readonly (Regex Pattern, string Event, string? Status)[] s_phrases =
    [
        (ToolStart(), "tool_call", null),
        (ToolError(), "tool_result", "error"),
        (ToolEnd(), "tool_result", "ok"),
        (Retrying(), "run_retry", null),
        (Finished(), "run_finished", null),
        (Started(), "run_started", null),
    ];

    public static LogRecord? Read(string file, long number, string line)
    {
        if (Head().Match(line) is not { Success: true } head)
            return null;
        var message = head.Groups["rest"].Value.Trim();
        var record = new LogRecord(file, number, null, message, AttributesOf(message));
        if (head.Groups["date"].Success)
            return Timestamps.TryParse($"{head.Groups["date"].Value} {head.Groups["time"].Value}{head.Groups["zone"].Value}", out var nanos)
                ? record with
                {
                    TimeNanos = nanos,
                }
                : null;
        var time = TimeSpan.TryParse(head.Groups["time"].Value.Replace(',', '.'), CultureInfo.InvariantCulture, out var ofDay)
            ? ofDay
            : (TimeSpan?)null;
        return time is null ? null : record with { TimeNanos = time.Value.Ticks * 100, IsTimeOfDay = true };
    }

    private static AttributeSet AttributesOf(string message)
    {
        foreach (var (pattern, name, status) in s_phrases)
        {
            if (pattern.Match(message) is not { Success: true } match)
                continue;
            List<KeyValuePair<string, object?>> items = [new("event", name)];
            if (status is not null)
                items.Add(new("status", status));
            if (match.Groups["tool"] is { Success: true } tool)
                items.Add(new("tool", tool.Value));
            if (match.Groups["why"] is { Success: true } why)
                items.Add(new(name == "tool_result" ? "error_class" : "stop_reason", why.Value));
            return new([.. items]);
        }
        return AttributeSet.None;
    }

    [GeneratedRegex(
        @"^\s*\[?(?:(?<date>\d{4}-\d\d-\d\d)[T ])?(?<time>\d\d:\d\d:\d\d(?:[.,]\d{1,7})?)\d*(?<zone>Z|[+-]\d\d:?\d\d)?\]?\s+(?<rest>.*)$"
    )]
    private static partial Regex Head();

    [GeneratedRegex(@"\btool (start|call)\w*: *(?<tool>[\w.-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex ToolStart();

    [GeneratedRegex(@"\btool error: *(?<why>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex ToolError();

    [GeneratedRegex(@"\btool (end|done|result)\w*: *(?<tool>[\w.-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex ToolEnd();

    [GeneratedRegex(@"\bretrying\b( *\((?<why>[^)]*)\))?", RegexOptions.IgnoreCase)]
    private static partial Regex Retrying();

    [GeneratedRegex(@"\b(failed|finished|completed): *(?<why>[\w-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Finished();

    [GeneratedRegex(@"\b(task|run) started\b", RegexOptions.IgnoreCase)]
    private static partial Regex Started();
}
