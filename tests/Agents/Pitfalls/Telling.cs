using Microsoft.Extensions.AI;

namespace Pitfalls;

/// <summary>Ways to tell the model what the calls of a turn gave: some of them tell it wrongly.</summary>
public static class Telling
{
    private const int Most = 50;

    public static Dispatch Swapped { get; } = Told((results, _) => [results[1], results[0], "Error: no answer"]);

    public static Dispatch Empty { get; } = Told((results, _) => [.. results.Select(_ => "")]);

    public static Dispatch ErrorAsData { get; } = Told((results, _) => [.. results.Select(r => r ?? "{}")]);

    public static Dispatch ErrorAsSibling { get; } = Told((results, _) => [.. results.Select(r => r ?? results[0])]);

    public static Dispatch AsText { get; } =
        Told((results, errors) => [.. results.Select((r, i) => r is null ? $"Error: {errors[i]!.Message}" : Plain(r))]);

    public static Dispatch Shortened { get; } =
        Told((results, _) => [.. results.Select(r => r is null ? "Error: Function failed." : r[..Math.Min(r.Length, Most)])]);

    public static Dispatch SwappedAndShortened { get; } =
        Told((results, _) => [Marked(results[1]!), Marked(results[0]!), "Error: no answer"]);

    public static Dispatch InGerman { get; } =
        Told((results, _) => [.. results.Select(r => r ?? "Der Dienst hat sich eine Minute lang ausgeschwiegen.")]);

    private static string Marked(string text) => text[..Math.Min(text.Length, Most)] + "… [truncated]";

    private static string Plain(string json) => json.Replace("{", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);

    private static Dispatch Told(Func<IReadOnlyList<string?>, IReadOnlyList<Exception?>, IReadOnlyList<object?>> tell) =>
        async (tools, calls, token) =>
        {
            var ended = await Task.WhenAll(calls.Select(c => CallAsync(tools, c, token)));
            return tell([.. ended.Select(e => e.Result)], [.. ended.Select(e => e.Error)]);
        };

    private static async Task<(string? Result, Exception? Error)> CallAsync(
        Toolbox tools,
        FunctionCallContent call,
        CancellationToken token
    )
    {
        try
        {
            return (await tools.CallAsync(call, token), null);
        }
        catch (TimeoutException e)
        {
            return (null, e);
        }
    }
}
