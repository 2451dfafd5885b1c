using Pitfalls;

namespace Races;

/// <summary>Money goes from one account to another, and at the same time back; each transfer locks the one, then the other.</summary>
public static class CrossedTransfers
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public static Dispatch Broken { get; } = Of((from, to) => (from, to));

    /// <summary>The account with the lower number first.</summary>
    public static Dispatch Fixed { get; } = Of((from, to) => from.Number < to.Number ? (from, to) : (to, from));

    private static Dispatch Of(Func<Account, Account, (Account, Account)> order) =>
        Turn.OverAnswers(
            Fans.Tasks,
            () => new Account[] { new(1), new(2) },
            (accounts, i, text) =>
            {
                var (from, to) = (accounts[i % 2], accounts[(i + 1) % 2]);
                var (first, second) = order(from, to);
                lock (first)
                {
                    Paper.Digest(text);
                    if (!Monitor.TryEnter(second, s_patience))
                        throw new InvalidOperationException($"account {second.Number} stays locked");
                    from.Cents -= 100;
                    to.Cents += 100;
                    Monitor.Exit(second);
                }
            },
            accounts => Paper.Unless(accounts.Sum(a => a.Cents) == 2_000, "money was lost")
        );

    private sealed class Account(int number)
    {
        public int Number => number;

        public int Cents { get; set; } = 1_000;
    }
}

/// <summary>Mail, calendar and address book: each thread holds one and wants the next. No deadline: the run hangs.</summary>
public static class RingOfLocks
{
    public static Dispatch Broken { get; } = Of((i, next) => (i, next));

    public static Dispatch Fixed { get; } = Of((i, next) => (Math.Min(i, next), Math.Max(i, next)));

    private static Dispatch Of(Func<int, int, (int, int)> order) =>
        Turn.OverAnswers(
            Fans.Threads,
            () => new object[] { new(), new(), new() },
            (stores, i, text) =>
            {
                var (first, second) = order(i, (i + 1) % stores.Length);
                lock (stores[first])
                {
                    Paper.Digest(text, 1_000_000);
                    lock (stores[second])
                        Paper.Digest(text);
                }
            }
        );
}

/// <summary>The number of the meter is locked, in a box that is made for each lock.</summary>
public static class LockedNumber
{
    public static Dispatch Broken { get; } = Of(meter => meter.Number);

    public static Dispatch Fixed { get; } = Of(meter => meter);

    private static Dispatch Of(Func<Meter, object> gate) =>
        Turn.BeforeCalls(
            () => new Meter(7),
            (meter, i) =>
            {
                for (var call = 0; call < Paper.Lines; call++)
                {
                    lock (gate(meter))
                        meter.Cents += i + 1;
                }
            },
            meter => Paper.Unless(meter.Cents == 6 * Paper.Lines, $"{meter.Cents} cents were metered")
        );

    private sealed class Meter(int number)
    {
        public int Number => number;

        public int Cents;
    }
}

/// <summary>A semaphore is taken for a lock.</summary>
public static class TwoPermits
{
    public static Dispatch Broken { get; } = Of(permits: 2);

    public static Dispatch Fixed { get; } = Of(permits: 1);

    private static Dispatch Of(int permits) =>
        Turn.OnAnswers(
            Meets.Awaiting,
            () => new Minutes(permits),
            (minutes, _, text) => minutes.Write(text),
            minutes => Paper.Unless(minutes.Written == Paper.Papers, $"{minutes.Written} notes are in the minutes")
        );

    private sealed class Minutes(int permits)
    {
        private readonly SemaphoreSlim _gate = new(permits, permits);

        public int Written { get; private set; }

        public void Write(string text)
        {
            _gate.Wait();
            try
            {
                var before = Written;
                Paper.Digest(text);
                Written = before + 1;
            }
            finally
            {
                _gate.Release();
            }
        }
    }
}

/// <summary>What is missing is opened under the write lock; what was asked under the read lock is not asked again.</summary>
public static class LetGoBetween
{
    public static Dispatch Broken { get; } = Of(sessions => sessions.OpenAfterReading());

    public static Dispatch Fixed { get; } = Of(sessions => sessions.Open());

    private static Dispatch Of(Action<Sessions> open) =>
        Turn.OverAnswers(
            Fans.Pool,
            () => new Sessions(),
            (sessions, _, _) => open(sessions),
            sessions => Paper.Unless(sessions.Opened == 1, $"{sessions.Opened} sessions were opened for one tenant")
        );

    private sealed class Sessions
    {
        private readonly ReaderWriterLockSlim _gate = new();
        private readonly Dictionary<string, int> _byTenant = [];

        public int Opened { get; private set; }

        public void OpenAfterReading()
        {
            _gate.EnterReadLock();
            var known = _byTenant.ContainsKey("tenant");
            _gate.ExitReadLock();
            if (known)
                return;
            Paper.Digest("tenant");
            Write();
        }

        public void Open()
        {
            _gate.EnterUpgradeableReadLock();
            if (!_byTenant.ContainsKey("tenant"))
            {
                Paper.Digest("tenant");
                Write();
            }
            _gate.ExitUpgradeableReadLock();
        }

        private void Write()
        {
            _gate.EnterWriteLock();
            _byTenant["tenant"] = ++Opened;
            _gate.ExitWriteLock();
        }
    }
}
