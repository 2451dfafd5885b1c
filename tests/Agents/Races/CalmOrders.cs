using System.Threading.Channels;
using Pitfalls;

namespace Races;

/// <summary>Right: one call after the other, each on whatever thread its answer comes.</summary>
public static class CalmOneByOne
{
    public static Dispatch Healthy { get; } =
        async (tools, calls, token) =>
        {
            var notes = new List<string>();
            foreach (var call in calls)
                notes.Add(await Task.Run(() => tools.CallAsync(call, token), token));
            return notes.Count == calls.Count ? [.. notes] : throw new InvalidOperationException("a note was lost");
        };
}

/// <summary>Right: a plain sum and a list, always under one lock.</summary>
public static class CalmLocked
{
    public static Dispatch Healthy { get; } =
        Turn.OnAnswers(
            Meets.Looped,
            () => new Book(),
            (book, _, text) =>
            {
                foreach (var line in Paper.LinesOf(text))
                    book.Enter(line);
            },
            book => Paper.Unless(book.Entries() == Paper.Papers * Paper.Lines, "an entry was lost")
        );

    private sealed class Book
    {
        private readonly Lock _gate = new();
        private readonly List<string> _entries = [];
        private int _count;

        public void Enter(string line)
        {
            lock (_gate)
            {
                _entries.Add(line);
                _count++;
            }
        }

        public int Entries()
        {
            lock (_gate)
                return _count == _entries.Count ? _count : -1;
        }
    }
}

/// <summary>Right: many write into a channel, and one who reads it owns the dictionary.</summary>
public static class CalmChannel
{
    public static Dispatch Healthy { get; } =
        async (tools, calls, token) =>
        {
            var lines = Channel.CreateUnbounded<string>();
            var counting = Task.Run(() => CountAsync(lines.Reader, token), token);
            var results = await Task.WhenAll(
                calls.Select(async call =>
                {
                    var text = await tools.CallAsync(call, token);
                    foreach (var line in Paper.LinesOf(text))
                        lines.Writer.TryWrite(line);
                    return (object?)text;
                })
            );
            lines.Writer.Complete();
            var counts = await counting;
            return counts.Count == calls.Count * Paper.Lines ? results : throw new InvalidOperationException("a line was lost");
        };

    private static async Task<Dictionary<string, int>> CountAsync(ChannelReader<string> lines, CancellationToken token)
    {
        var counts = new Dictionary<string, int>();
        await foreach (var line in lines.ReadAllAsync(token))
            counts[line] = counts.GetValueOrDefault(line) + 1;
        return counts;
    }
}

/// <summary>Right: each item writes its own place, and all are read when all have ended.</summary>
public static class CalmOwnPlaces
{
    public static Dispatch Healthy { get; } =
        Turn.OverAnswers(
            Fans.Tasks,
            () => new Sums(),
            (sums, i, text) =>
            {
                foreach (var line in Paper.LinesOf(text))
                    sums.Places[i] += line.Length;
            },
            sums => Paper.Unless(sums.Places.All(p => p > Paper.Lines), "a sum is missing")
        );

    private sealed class Sums
    {
        public int[] Places { get; } = new int[Paper.Papers];
    }
}

/// <summary>Right: the data is written before a volatile flag; who sees the flag reads the data, who does not makes its own.</summary>
public static class CalmVolatileFlag
{
    public static Dispatch Healthy { get; } =
        Turn.BeforeCalls(
            () => new Rates(),
            (rates, i) =>
            {
                if (i == 0)
                    rates.Publish();
                if (rates.Rate() != Paper.Digest("rate"))
                    throw new InvalidOperationException("there is no rate");
            }
        );

    private sealed class Rates
    {
        private uint _rate;
        private volatile bool _isThere;

        public void Publish()
        {
            _rate = Paper.Digest("rate");
            _isThere = true;
        }

        public uint Rate() => _isThere ? _rate : Paper.Digest("rate");
    }
}
