namespace Races;

/// <summary>Makes so many calls at once, and goes on after each answer; gives what the model is told.</summary>
internal delegate Task<string[]> Meet(int count, Func<int, Task<string>> call, Func<int, string, string> then);

/// <summary>The ways of .NET to go on after an answer.</summary>
internal static class Meets
{
    public static Task<string[]> Awaiting(int count, Func<int, Task<string>> call, Func<int, string, string> then) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(async i => then(i, await call(i))));

    public static async Task<string[]> Collected(int count, Func<int, Task<string>> call, Func<int, string, string> then)
    {
        var running = new List<Task<string>>();
        for (var i = 0; i < count; i++)
            running.Add(OneAsync(i));
        foreach (var one in running)
            await one.ConfigureAwait(false);
        return [.. running.Select(r => r.Result)];

        async Task<string> OneAsync(int i)
        {
            var text = await call(i).ConfigureAwait(false);
            return then(i, text);
        }
    }

    public static async Task<string[]> Looped(int count, Func<int, Task<string>> call, Func<int, string, string> then)
    {
        var told = new string[count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = count },
            async (i, _) => told[i] = then(i, await call(i))
        );
        return told;
    }

    public static Task<string[]> Continued(int count, Func<int, Task<string>> call, Func<int, string, string> then) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(i => call(i).ContinueWith(answered => then(i, answered.GetAwaiter().GetResult()), TaskScheduler.Default))
        );

    /// <summary>Each call blocks a thread of the pool until its answer comes.</summary>
    public static Task<string[]> Blocking(int count, Func<int, Task<string>> call, Func<int, string, string> then) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => then(i, call(i).GetAwaiter().GetResult()))));
}
