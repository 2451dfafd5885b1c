using Pitfalls;

namespace Races;

/// <summary>The tokens of all answers of a turn are counted in one field.</summary>
public static class TokenTotal
{
    public static Dispatch Broken { get; } = Of(usage => usage.Tokens++);

    public static Dispatch Fixed { get; } = Of(usage => Interlocked.Increment(ref usage.Tokens));

    private static Dispatch Of(Action<Usage> count) =>
        Turn.OnAnswers(
            Meets.Awaiting,
            () => new Usage(),
            (usage, i, text) =>
            {
                foreach (var _ in Paper.LinesOf(text))
                    count(usage);
            },
            usage => Paper.Unless(usage.Tokens == Paper.Papers * Paper.Lines, $"{usage.Tokens} tokens were counted")
        );

    private sealed class Usage
    {
        public int Tokens;
    }
}

/// <summary>A call is paid for where there is money left; it takes a while from the question to the payment.</summary>
public static class BudgetCheck
{
    private const int Price = 200;

    public static Dispatch Broken { get; } = Of((wallet, text) => wallet.Pay(text));

    public static Dispatch Fixed { get; } =
        Of(
            (wallet, text) =>
            {
                lock (wallet)
                    return wallet.Pay(text);
            }
        );

    private static Dispatch Of(Func<Wallet, string, bool> pay) =>
        Turn.OnAnswers(
            Meets.Looped,
            () => new Wallet(),
            (wallet, i, text) => wallet.Paid[i] = pay(wallet, text),
            wallet => Paper.Unless(wallet.Paid.Count(p => p) * Price <= Wallet.Budget, "more was spent than there was")
        );

    private sealed class Wallet
    {
        public const int Budget = 500;

        private int _cents = Budget;

        public bool[] Paid { get; } = new bool[Paper.Papers];

        public bool Pay(string text)
        {
            if (_cents < Price)
                return false;
            Paper.Digest(text);
            _cents -= Price;
            return true;
        }
    }
}

/// <summary>Tickets are counted atomically, and read back from the field.</summary>
public static class ReadBesideIncrement
{
    public static Dispatch Broken { get; } = Of(desk => desk.NextByField());

    public static Dispatch Fixed { get; } = Of(desk => desk.Next());

    private static Dispatch Of(Func<Desk, int> next) =>
        Turn.BeforeCalls(
            () => new Desk(),
            (desk, i) =>
            {
                for (var ticket = 0; ticket < Paper.Lines; ticket++)
                    desk.Given[i].Add(next(desk));
            },
            desk => Paper.Unless(desk.Given.SelectMany(g => g).Distinct().Count() == Paper.Papers * Paper.Lines, "a ticket was given twice")
        );

    private sealed class Desk
    {
        private int _last;

        // A list for each call.
        public List<int>[] Given { get; } =
        [
            [],
            [],
            [],
        ];

        public int NextByField()
        {
            Interlocked.Increment(ref _last);
            return _last;
        }

        public int Next() => Interlocked.Increment(ref _last);
    }
}

/// <summary>The keys that make payments idempotent come from one generator, whose state each draw replaces.</summary>
public static class PaymentKeys
{
    public static Dispatch Broken { get; } = Of(keys => keys.Next());

    public static Dispatch Fixed { get; } =
        Of(keys =>
        {
            lock (keys)
                return keys.Next();
        });

    private static Dispatch Of(Func<Keys, ulong> next) =>
        Turn.OverAnswers(
            Fans.Tasks,
            () => new Keys(),
            (keys, i, _) =>
            {
                for (var payment = 0; payment < Paper.Lines; payment++)
                    keys.Drawn[i].Add(next(keys));
            },
            keys => Paper.Unless(keys.Drawn.SelectMany(k => k).Distinct().Count() == Paper.Papers * Paper.Lines, "a key was used before")
        );

    private sealed class Keys
    {
        private ulong _state = 42;

        // A list for each call.
        public List<ulong>[] Drawn { get; } =
        [
            [],
            [],
            [],
        ];

        public ulong Next()
        {
            _state = (_state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            return _state;
        }
    }
}
