using Pitfalls;

namespace Races;

/// <summary>
/// Where the code of a turn meets: after the answers of its calls, before the calls, or over all answers. Each turn opens its own service.
/// </summary>
internal static class Turn
{
    /// <summary>The code of each call goes on when its answer comes, and gives what the model is told.</summary>
    public static Dispatch Telling<T>(Meet meet, Func<T> open, Func<T, int, string, string> then, Func<T, string?>? complaint = null) =>
        async (tools, calls, token) =>
        {
            var service = open();
            var told = await meet(calls.Count, i => tools.CallAsync(calls[i], token), (i, text) => then(service, i, text));
            return Told(told, complaint?.Invoke(service));
        };

    /// <summary>The code of each call goes on when its answer comes.</summary>
    public static Dispatch OnAnswers<T>(Meet meet, Func<T> open, Action<T, int, string> then, Func<T, string?>? complaint = null) =>
        Telling(
            meet,
            open,
            (service, i, text) =>
            {
                then(service, i, text);
                return text;
            },
            complaint
        );

    /// <summary>A work item for each call, all ready at once: each prepares its call, then makes it.</summary>
    public static Dispatch BeforeCalls<T>(Func<T> open, Action<T, int> prepare, Func<T, string?>? complaint = null) =>
        async (tools, calls, token) =>
        {
            var service = open();
            var told = await Task.WhenAll(
                calls.Select(
                    (call, i) =>
                        Task.Run(
                            async () =>
                            {
                                prepare(service, i);
                                return await tools.CallAsync(call, token);
                            },
                            token
                        )
                )
            );
            return Told(told, complaint?.Invoke(service));
        };

    /// <summary>First all answers, then a work item over each, all ready at once.</summary>
    public static Dispatch OverAnswers<T>(Fan fan, Func<T> open, Action<T, int, string> work, Func<T, string?>? complaint = null) =>
        async (tools, calls, token) =>
        {
            var service = open();
            var told = await Task.WhenAll(calls.Select(call => tools.CallAsync(call, token)));
            await fan(told.Length, i => work(service, i, told[i]));
            return Told(told, complaint?.Invoke(service));
        };

    private static object?[] Told(string[] told, string? complaint) =>
        complaint is null ? [.. told] : throw new InvalidOperationException(complaint);
}
