using System.Collections.Concurrent;
using Pitfalls;

namespace Races;

/// <summary>The last thing each item does is to close the connection, which goes back to its pool once.</summary>
public static class ClosedTwice
{
    public static Dispatch Broken { get; } = Of(connection => connection.Close());

    public static Dispatch Fixed { get; } = Of(connection => connection.CloseOnce());

    private static Dispatch Of(Action<Connection> close) =>
        Turn.OverAnswers(
            Fans.Tasks,
            () => new Connection(),
            (connection, _, _) => close(connection),
            connection => Paper.Unless(connection.GivenBack == 1, $"the connection was given back {connection.GivenBack} times")
        );

    private sealed class Connection
    {
        private bool _isClosed;
        private int _closed;
        private int _givenBack;

        public int GivenBack => _givenBack;

        public void Close()
        {
            if (_isClosed)
                return;
            GiveBack();
            _isClosed = true;
        }

        public void CloseOnce()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
                GiveBack();
        }

        private void GiveBack()
        {
            Paper.Digest("unsent");
            Interlocked.Increment(ref _givenBack);
        }
    }
}

/// <summary>Three threads take jobs from one queue until none is left.</summary>
public static class JobTakenTwice
{
    private const int Jobs = Paper.Papers * Paper.Lines;

    public static Dispatch Broken { get; } = Of(() => new ByIndex());

    public static Dispatch Fixed { get; } = Of(() => new ByQueue());

    private static Dispatch Of(Func<IJobs> open) =>
        Turn.OverAnswers(
            Fans.Threads,
            () => (Jobs: open(), Done: new int[Jobs]),
            (desk, _, _) =>
            {
                while (desk.Jobs.Take() is { } job)
                    Interlocked.Increment(ref desk.Done[job]);
            },
            desk => Paper.Unless(desk.Done.All(d => d == 1), $"{desk.Done.Count(d => d != 1)} jobs were not done once")
        );

    private interface IJobs
    {
        int? Take();
    }

    private sealed class ByIndex : IJobs
    {
        private readonly int[] _jobs = [.. Enumerable.Range(0, Jobs)];
        private int _next;

        public int? Take()
        {
            if (_next >= _jobs.Length)
                return null;
            var job = _jobs[_next];
            Paper.Digest("job", 500);
            _next++;
            return job;
        }
    }

    private sealed class ByQueue : IJobs
    {
        private readonly ConcurrentQueue<int> _jobs = new(Enumerable.Range(0, Jobs));

        public int? Take()
        {
            if (!_jobs.TryDequeue(out var job))
                return null;
            Paper.Digest("job", 500);
            return job;
        }
    }
}

/// <summary>The service grants one more request in this minute: who sees it may ask.</summary>
public static class RateLimit
{
    public static Dispatch Broken { get; } =
        Of(
            (limit, text) =>
            {
                if (Volatile.Read(ref limit.Left) <= 0)
                    return false;
                Paper.Digest(text);
                Interlocked.Decrement(ref limit.Left);
                return true;
            }
        );

    public static Dispatch Fixed { get; } =
        Of(
            (limit, text) =>
            {
                if (Interlocked.Decrement(ref limit.Left) >= 0)
                {
                    Paper.Digest(text);
                    return true;
                }
                Interlocked.Increment(ref limit.Left);
                return false;
            }
        );

    private static Dispatch Of(Func<Limit, string, bool> ask) =>
        Turn.OverAnswers(
            Fans.Loop,
            () => new Limit(),
            (limit, _, text) =>
            {
                if (ask(limit, text))
                    Interlocked.Increment(ref limit.Granted);
            },
            limit => Paper.Unless(limit.Granted <= 1, $"{limit.Granted} requests were made where one was granted")
        );

    private sealed class Limit
    {
        public int Left = 1;
        public int Granted;
    }
}

/// <summary>For whom a thread works is kept with the thread, and stays there for what it does next.</summary>
public static class TenantOfThread
{
    [ThreadStatic]
    private static string? t_tenant;

    public static Dispatch Broken { get; } = Of(tenant => t_tenant ??= tenant);

    public static Dispatch Fixed { get; } = Of(tenant => tenant);

    private static Dispatch Of(Func<string, string> tenantOf) =>
        Turn.BeforeCalls(
            () => new string[Paper.Papers],
            (served, i) =>
            {
                served[i] = tenantOf($"tenant {i}");
                Paper.Digest(served[i]);
            },
            served => Paper.Unless(served.Distinct().Count() == served.Length, "a tenant was served as another")
        );
}
