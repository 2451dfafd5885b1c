using System.Globalization;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Watching;

/// <summary>Passes, one after another, until somebody ends them.</summary>
internal sealed class Watcher(WatchOptions options, WatchedSource source, Webhook? webhook)
{
    private const int MostPending = 1000;

    private readonly ShapeFixtures _fixtures = new(options);

    /// <summary>Watches.</summary>
    /// <exception cref="BadInputException">The first pass cannot be made; or another process watches with this state.</exception>
    public async Task RunAsync(CancellationToken token)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(options.State))!;
        Directory.CreateDirectory(folder);
        using var held = Lock();
        DeleteDrafts(folder, Path.GetFileName(options.State));
        if (Directory.Exists(options.Out))
            foreach (var shape in Directory.GetDirectories(options.Out, ShapeFixtures.Prefix + "*"))
                DeleteDrafts(shape, WatchNote.FileName);
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                try
                {
                    await PassAsync(token).ConfigureAwait(false);
                }
                // A store that is away for a while ends nothing.
                catch (Exception e) when (!isFirst && e is BadInputException or IOException or UnauthorizedAccessException)
                {
                    Tell(e.Message);
                }
                if (options.Every is not { } every)
                    return;
                await Task.Delay(every, RealTime.Clock, token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            Tell("stopped; what was captured is written, and the next start goes on from there");
        }
    }

    // Who was killed while he wrote a file left one.
    private static void DeleteDrafts(string folder, string name)
    {
        foreach (var file in Directory.GetFiles(folder, "*"))
            if (IsDraft(Path.GetFileName(file), name))
                File.Delete(file);
    }

    private static bool IsDraft(string name, string of) =>
        name.StartsWith($"{of}.", StringComparison.Ordinal) && Guid.TryParseExact(name.AsSpan(of.Length + 1), "n", out _);

    private async Task PassAsync(CancellationToken token)
    {
        var state = WatchState.Load(options.State, options.Source);
        var pass = new WatchPass(options, source, _fixtures, Tell);
        var events = pass.Run(state, (RealTime.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100, token);
        if (webhook is not null)
            Keep(state, events);
        state.Save(options.State);
        if (webhook is not null && state.Pending.Count > 0)
            await DeliverAsync(webhook, state, token).ConfigureAwait(false);
        Print(pass, state, events);
    }

    private static void Keep(WatchState state, IReadOnlyList<WatchEvent> events)
    {
        state.Pending.AddRange(events.Select(e => e.ToPending()));
        var over = state.Pending.Count - MostPending;
        if (over <= 0)
            return;
        state.Pending.RemoveRange(0, over);
        Tell(string.Create(CultureInfo.InvariantCulture, $"{over} event(s) for the webhook were dropped: {MostPending} is the most kept"));
    }

    // In order. What one try after another does not deliver waits for the next pass, and so do those behind it.
    private async Task DeliverAsync(Webhook hook, WatchState state, CancellationToken token)
    {
        while (state.Pending is [var next, ..])
        {
            if (await hook.SendAsync(next, token).ConfigureAwait(false) is { } why)
            {
                Tell(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{hook.Name}: {state.Pending.Count} event(s) not delivered: {why}; they are kept, and the next pass tries again"
                    )
                );
                return;
            }
            state.Pending.RemoveAt(0);
            state.Save(options.State);
        }
    }

    private void Print(WatchPass pass, WatchState state, IReadOnlyList<WatchEvent> events)
    {
        if (options.Json)
        {
            JsonOut.Write(
                new(
                    pass.Failures,
                    pass.Waiting,
                    events,
                    [.. state.Shapes.Select(s => WatchEvent.Of(WatchEvent.Known, s.Key, s.Value))],
                    state.Pending.Count
                ),
                WatchJson.Relaxed.WatchDocument
            );
            return;
        }
        foreach (var e in events)
        {
            Console.Out.WriteLine(
                e.Kind == WatchEvent.NewShape
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"new shape {e.Shape}  {e.Runs} failed run(s)  {e.Fixture ?? "no fixture"}"
                    )
                    : string.Create(CultureInfo.InvariantCulture, $"later release {e.Release}: shape {e.Shape}  {e.Runs} failed run(s)")
            );
            foreach (var finding in e.Findings)
                Console.Out.WriteLine($"  {finding}");
        }
        if (options.Every is null || pass.Failures > 0)
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pass.Failures} failed run(s) counted, {events.Count(e => e.Kind == WatchEvent.NewShape)} new shape(s), "
                        + $"{state.Shapes.Count} known{(pass.Waiting > 0 ? $"; {pass.Waiting} trace(s) may not be whole yet" : "")}"
                )
            );
    }

    private FileStream Lock()
    {
        try
        {
            return new(
                options.State + ".lock",
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose
            );
        }
        catch (IOException e)
        {
            throw new BadInputException($"{options.State}: another process watches with this state; end it, or name another --state", e);
        }
    }

    private static void Tell(string problem) => Console.Error.WriteLine($"replay-harness: {problem}");
}
