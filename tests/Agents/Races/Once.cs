using System.Collections.Concurrent;
using Pitfalls;

namespace Races;

/// <summary>A session is opened where the dictionary has none; the tenant has one seat.</summary>
public static class SeatInFactory
{
    public static Dispatch Broken { get; } =
        Turn.BeforeCalls(
            () => (Seats: new Seats(), Sessions: new ConcurrentDictionary<string, int>()),
            (desk, _) => desk.Sessions.GetOrAdd("tenant", desk.Seats.Take),
            desk => desk.Seats.Complaint
        );

    public static Dispatch Fixed { get; } =
        Turn.BeforeCalls(
            () => (Seats: new Seats(), Sessions: new ConcurrentDictionary<string, Lazy<int>>()),
            (desk, _) => _ = desk.Sessions.GetOrAdd("tenant", tenant => new Lazy<int>(() => desk.Seats.Take(tenant))).Value,
            desk => desk.Seats.Complaint
        );

    private sealed class Seats
    {
        private int _taken;

        public string? Complaint => Paper.Unless(_taken == 1, $"{_taken} seats were taken");

        public int Take(string tenant)
        {
            Paper.Digest(tenant);
            return Interlocked.Increment(ref _taken);
        }
    }
}

/// <summary>A code that can be redeemed once is redeemed by a lazy value.</summary>
public static class LazyCode
{
    public static Dispatch Broken { get; } = Of(LazyThreadSafetyMode.PublicationOnly);

    public static Dispatch Fixed { get; } = Of(LazyThreadSafetyMode.ExecutionAndPublication);

    private static Dispatch Of(LazyThreadSafetyMode mode) =>
        Turn.OnAnswers(
            Meets.Blocking,
            () =>
            {
                var office = new Office();
                return new Lazy<uint>(office.Redeem, mode);
            },
            (key, _, _) => _ = key.Value
        );

    private sealed class Office
    {
        private int _redeemed;

        public uint Redeem() =>
            Interlocked.Exchange(ref _redeemed, 1) == 0
                ? Paper.Digest("code")
                : throw new InvalidOperationException("the code has been redeemed before");
    }
}

/// <summary>The catalogue is loaded by who needs it first, and seen by others before it is loaded.</summary>
public static class DoubleChecked
{
    public static Dispatch Broken { get; } = Of(() => new SeenEarly());

    public static Dispatch Fixed { get; } = Of(() => new SeenLoaded());

    private static Dispatch Of(Func<IShelf> open) =>
        Turn.OverAnswers(
            Fans.StartedTasks,
            open,
            (shelf, _, _) =>
            {
                if (!shelf.Get().Has($"book {Paper.Lines}"))
                    throw new InvalidOperationException("the last book is not in the catalogue");
            }
        );

    private interface IShelf
    {
        Catalogue Get();
    }

    private sealed class SeenEarly : IShelf
    {
        private readonly object _gate = new();
        private Catalogue? _catalogue;

        public Catalogue Get()
        {
            if (_catalogue is null)
            {
                lock (_gate)
                {
                    if (_catalogue is null)
                    {
                        _catalogue = new Catalogue();
                        _catalogue.Load();
                    }
                }
            }
            return _catalogue;
        }
    }

    private sealed class SeenLoaded : IShelf
    {
        private readonly object _gate = new();
        private volatile Catalogue? _catalogue;

        public Catalogue Get()
        {
            if (_catalogue is { } known)
                return known;
            lock (_gate)
            {
                if (_catalogue is { } meanwhile)
                    return meanwhile;
                var catalogue = new Catalogue();
                catalogue.Load();
                _catalogue = catalogue;
                return catalogue;
            }
        }
    }

    private sealed class Catalogue
    {
        private string[] _books = [];

        public void Load()
        {
            Paper.Digest("catalogue", 100_000);
            _books = [.. Paper.LinesOf("book")];
        }

        public bool Has(string book) => Array.IndexOf(_books, book) >= 0;
    }
}

/// <summary>The index of the archive is cached. The archive lets it be fetched once.</summary>
public static class Stampede
{
    public static Dispatch Broken { get; } =
        Turn.OnAnswers(
            Meets.Collected,
            () => (Archive: new Archive(), Cache: new ConcurrentDictionary<string, uint>()),
            (desk, _, _) =>
            {
                if (!desk.Cache.ContainsKey("index"))
                    desk.Cache["index"] = desk.Archive.FetchIndex();
            }
        );

    public static Dispatch Fixed { get; } =
        Turn.OnAnswers(
            Meets.Collected,
            () => (Archive: new Archive(), Cache: new ConcurrentDictionary<string, Lazy<uint>>()),
            (desk, _, _) => _ = desk.Cache.GetOrAdd("index", _ => new Lazy<uint>(desk.Archive.FetchIndex)).Value
        );

    private sealed class Archive
    {
        private int _fetched;

        public uint FetchIndex()
        {
            if (Interlocked.Increment(ref _fetched) > 1)
                throw new InvalidOperationException("429: the index may be fetched once");
            return Paper.Digest("index");
        }
    }
}

/// <summary>An access token has expired. A refresh token serves once, and brings the next.</summary>
public static class RefreshedTwice
{
    public static Dispatch Broken { get; } = Of(tokens => tokens.Bearer());

    public static Dispatch Fixed { get; } =
        Of(tokens =>
        {
            lock (tokens)
                return tokens.Bearer();
        });

    private static Dispatch Of(Func<Tokens, string> bearer) =>
        Turn.OnAnswers(Meets.Blocking, () => new Tokens(), (tokens, _, _) => _ = bearer(tokens));

    private sealed class Tokens
    {
        private readonly Issuer _issuer = new();
        private string? _access;
        private int _refresh;

        public string Bearer()
        {
            if (_access is null)
                (_access, _refresh) = _issuer.Refresh(_refresh);
            return _access;
        }
    }

    private sealed class Issuer
    {
        private int _expected;

        public (string Access, int Refresh) Refresh(int token)
        {
            if (Interlocked.CompareExchange(ref _expected, token + 1, token) != token)
                throw new InvalidOperationException("invalid_grant: the refresh token was used before");
            return ($"{Paper.Digest("access")}", token + 1);
        }
    }
}
