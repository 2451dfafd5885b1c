namespace Pitfalls;

/// <summary>One call fails, and its sibling is left running into the next turn.</summary>
public static class LeftRunning
{
    public static Dispatch Broken { get; } =
        async (tools, calls, token) =>
        {
            var notes = new List<string>();
            var closed = false;
            var running = calls
                .Select(async call =>
                {
                    var result = await tools.CallAsync(call, token);
                    if (closed)
                        throw new ObjectDisposedException("notes");
                    notes.Add(result);
                    return result;
                })
                .ToArray();
            try
            {
                foreach (var call in running)
                    await call;
            }
            catch (HttpRequestException) { }
            closed = true;
            await tools.CallAsync("audit", "closing", token);
            if (running.FirstOrDefault(r => r.Exception?.InnerException is ObjectDisposedException) is { } late)
                await late;
            return [.. running.Select(r => r.IsCompletedSuccessfully ? r.Result : "no answer")];
        };

    public static Dispatch Fixed { get; } =
        async (tools, calls, token) =>
        {
            var results = await Task.WhenAll(
                calls.Select(async call =>
                {
                    try
                    {
                        return await tools.CallAsync(call, token);
                    }
                    catch (HttpRequestException e)
                    {
                        return e.Message;
                    }
                })
            );
            await tools.CallAsync("audit", "closing", token);
            return [.. results];
        };
}
