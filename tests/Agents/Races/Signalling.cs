using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Pitfalls;

namespace Races;

/// <summary>Each call has a desk, which lets one in at a time; all desks count in one ledger.</summary>
public static class DeskForEach
{
    public static Dispatch Broken { get; } = Of(() => new Office(desks: Paper.Papers));

    /// <summary>One desk for all.</summary>
    public static Dispatch Fixed { get; } = Of(() => new Office(desks: 1));

    private static Dispatch Of(Func<Office> open) =>
        Turn.BeforeCalls(
            open,
            (office, i) => office.Enter(i),
            office => Paper.Unless(office.Entries == Paper.Papers, $"{office.Entries} entries are in the ledger")
        );

    private sealed class Office
    {
        private readonly Ledger _ledger = new();
        private readonly Desk[] _desks;

        public Office(int desks) => _desks = [.. Enumerable.Range(0, desks).Select(_ => new Desk(_ledger))];

        public int Entries => _ledger.Entries;

        public void Enter(int call) => _desks[call % _desks.Length].Enter();
    }

    private sealed class Ledger
    {
        public int Entries { get; set; }
    }

    private sealed class Desk(Ledger ledger)
    {
        [MethodImpl(MethodImplOptions.Synchronized)]
        public void Enter() => ledger.Entries++;
    }
}

/// <summary>One cancels, and then says why; the others ask why as soon as they see it.</summary>
public static class ReasonAfterCancel
{
    public static Dispatch Broken { get; } =
        Of(stop =>
        {
            stop.Source.Cancel();
            stop.Reason = "the customer left";
        });

    public static Dispatch Fixed { get; } =
        Of(stop =>
        {
            stop.Reason = "the customer left";
            stop.Source.Cancel();
        });

    private static Dispatch Of(Action<Stop> cancel) =>
        Turn.BeforeCalls(
            () => new Stop(),
            (stop, i) =>
            {
                if (i == 0)
                    cancel(stop);
                else if (i == 1 ? stop.Source.IsCancellationRequested : IsThrown(stop.Source.Token))
                    _ = stop.Reason ?? throw new InvalidOperationException("nobody knows why it was cancelled");
            }
        );

    private static bool IsThrown(CancellationToken token)
    {
        try
        {
            token.ThrowIfCancellationRequested();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private sealed class Stop
    {
        public CancellationTokenSource Source { get; } = new();

        public string? Reason { get; set; }
    }
}

/// <summary>One says that the menu is there, and then writes it; the others look whether it is there, and do not wait.</summary>
public static class AnnouncedEarly
{
    public static Dispatch Broken { get; } =
        Of(menu =>
        {
            menu.Ready.SetResult();
            menu.Text = "soup";
        });

    public static Dispatch Fixed { get; } =
        Of(menu =>
        {
            menu.Text = "soup";
            menu.Ready.SetResult();
        });

    private static Dispatch Of(Action<Menu> write) =>
        Turn.BeforeCalls(
            () => new Menu(),
            (menu, i) =>
            {
                if (i == 0)
                    write(menu);
                else if (menu.Ready.Task.IsCompletedSuccessfully && menu.Text is null)
                    throw new InvalidOperationException("nothing is on the menu");
            }
        );

    private sealed class Menu
    {
        public TaskCompletionSource Ready { get; } = new();

        public string? Text { get; set; }
    }
}

/// <summary>Three sums in one struct, of which all calls use the first.</summary>
public static class OneSumOfThree
{
    public static Dispatch Broken { get; } = Of(_ => 0);

    /// <summary>Each call has a sum of its own.</summary>
    public static Dispatch Fixed { get; } = Of(i => i);

    private static Dispatch Of(Func<int, int> sumOf) =>
        Turn.BeforeCalls(
            () => new Totals(),
            (totals, i) => totals.Add(sumOf(i)),
            totals => Paper.Unless(totals.All == Paper.Papers, $"{totals.All} calls were counted")
        );

    private struct Sums
    {
        public int First,
            Second,
            Third;
    }

    private sealed class Totals
    {
        private Sums _sums;

        public int All => _sums.First + _sums.Second + _sums.Third;

        public void Add(int sum)
        {
            if (sum == 0)
                _sums.First++;
            else if (sum == 1)
                _sums.Second++;
            else
                _sums.Third++;
        }
    }
}

/// <summary>Right: who stops a timer waits for its callback, and then reads what that has counted.</summary>
public static class CalmTimer
{
    public static Dispatch Healthy { get; } =
        async (tools, calls, token) =>
        {
            var heart = new Heart();
            var told = await Task.WhenAll(calls.Select(call => tools.CallAsync(call, token)));
            return await heart.StopAsync() >= 0 ? [.. told] : throw new InvalidOperationException("beats were lost");
        };

    private sealed class Heart
    {
        private readonly Timer _timer;
        private int _beats;

        public Heart() => _timer = new(_ => _beats++, null, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(0.3));

        public async Task<int> StopAsync()
        {
            await _timer.DisposeAsync();
            return _beats++;
        }
    }
}

/// <summary>Right: who ends a registration goes on after its callback, or there is none.</summary>
public static class CalmRegistration
{
    public static Dispatch Healthy { get; } =
        Turn.BeforeCalls(
            () => new Bell(),
            (bell, i) =>
            {
                if (i == 0)
                    bell.Ring();
                else if (i == 1)
                    bell.TakeDown();
            }
        );

    private sealed class Bell
    {
        private readonly CancellationTokenSource _source = new();
        private readonly CancellationTokenRegistration _registration;
        private int _rung;

        public Bell() => _registration = _source.Token.Register(() => _rung++);

        public void Ring() => _source.Cancel();

        public void TakeDown()
        {
            using (_registration)
                _ = _source;
            _rung++;
        }
    }
}

/// <summary>Right: a source of values made by hand, whose value is set after the data.</summary>
public static class CalmSource
{
    public static Dispatch Healthy { get; } =
        async (tools, calls, token) =>
        {
            var letter = new Letter();
            await Task.WhenAll(Task.Run(letter.Write, token), Task.Run(() => ReadAsync(letter), token));
            return [.. await Task.WhenAll(calls.Select(call => tools.CallAsync(call, token)))];
        };

    private static async Task<string> ReadAsync(Letter letter)
    {
        await new ValueTask<bool>(letter, 0);
        return letter.Text ?? throw new InvalidOperationException("the letter is empty");
    }

    private sealed class Letter : IValueTaskSource<bool>
    {
        private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

        public string? Text { get; private set; }

        public void Write()
        {
            Text = "Dear Sir";
            _core.SetResult(true);
        }

        public bool GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
