using Pitfalls;

namespace Races;

/// <summary>Who comes first says that the rates are there, then loads them.</summary>
public static class FlagBeforeData
{
    public static Dispatch Broken { get; } = Of(() => new FlagFirst());

    public static Dispatch Fixed { get; } = Of(() => new FlagLast());

    private static Dispatch Of(Func<IRates> open) =>
        Turn.BeforeCalls(
            open,
            (rates, i) =>
            {
                if (rates.Of(i) == 0)
                    throw new InvalidOperationException("there is no rate");
            }
        );

    private interface IRates
    {
        uint Of(int currency);
    }

    private sealed class FlagFirst : IRates
    {
        private bool _isLoaded;
        private uint[] _rates = new uint[Paper.Papers];

        public uint Of(int currency)
        {
            if (!_isLoaded)
            {
                _isLoaded = true;
                _rates = Load();
            }
            return _rates[currency];
        }
    }

    private sealed class FlagLast : IRates
    {
        private readonly object _gate = new();
        private volatile bool _isLoaded;
        private uint[] _rates = new uint[Paper.Papers];

        public uint Of(int currency)
        {
            if (!_isLoaded)
            {
                lock (_gate)
                {
                    if (!_isLoaded)
                    {
                        _rates = Load();
                        _isLoaded = true;
                    }
                }
            }
            return _rates[currency];
        }
    }

    private static uint[] Load() => [Paper.Digest("USD") | 1, Paper.Digest("GBP") | 1, Paper.Digest("JPY") | 1];
}

/// <summary>The first answer opens the session in which all go on.</summary>
public static class HalfOpened
{
    public static Dispatch Broken { get; } = Of(() => new SeenWhileOpened());

    public static Dispatch Fixed { get; } = Of(() => new SeenOpened());

    private static Dispatch Of(Func<IDoor> open) =>
        Turn.OnAnswers(
            Meets.Awaiting,
            open,
            (door, _, _) =>
            {
                if (door.Current().Token.Length == 0)
                    throw new InvalidOperationException("the session has no token");
            }
        );

    private interface IDoor
    {
        Session Current();
    }

    private sealed class SeenWhileOpened : IDoor
    {
        private volatile Session? _current;

        public Session Current()
        {
            if (_current is { } known)
                return known;
            var session = new Session();
            _current = session;
            session.Open();
            return session;
        }
    }

    private sealed class SeenOpened : IDoor
    {
        private Session? _current;

        public Session Current()
        {
            if (Volatile.Read(ref _current) is { } known)
                return known;
            var session = new Session();
            session.Open();
            return Interlocked.CompareExchange(ref _current, session, null) ?? session;
        }
    }

    private sealed class Session
    {
        public string Token { get; private set; } = "";

        public void Open() => Token = $"{Paper.Digest("session")}";
    }
}

/// <summary>Every call wants to be told of the end; the event's own accessor is not atomic.</summary>
public static class EventAccessor
{
    public static Dispatch Broken { get; } = Of(() => new OwnAccessor());

    public static Dispatch Fixed { get; } = Of(() => new Ordinary());

    private static Dispatch Of(Func<Run> open) =>
        Turn.OverAnswers(
            Fans.Tasks,
            () => (Run: open(), Told: new int[Paper.Papers]),
            (desk, i, _) =>
            {
                for (var line = 0; line < 50; line++)
                    desk.Run.Ended += () => desk.Told[i]++;
            },
            desk =>
            {
                desk.Run.End();
                return Paper.Unless(desk.Told.All(t => t == 50), $"{desk.Told.Sum()} of 150 handlers were told of the end");
            }
        );

    private abstract class Run
    {
        public abstract event Action? Ended;

        public abstract void End();
    }

    private sealed class OwnAccessor : Run
    {
        private Action? _ended;

        public override event Action? Ended
        {
            add => _ended += value;
            remove => _ended -= value;
        }

        public override void End() => _ended?.Invoke();
    }

    private sealed class Ordinary : Run
    {
        public override event Action? Ended;

        public override void End() => Ended?.Invoke();
    }
}
