using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Pitfalls;

namespace Races;

/// <summary>Right: every access is atomic, and what is decided is decided by what the access gave.</summary>
public static class CalmAtomics
{
    public static Dispatch Healthy { get; } =
        Turn.OverAnswers(
            Fans.Threads,
            () => new Meter(),
            (meter, _, text) =>
            {
                foreach (var line in Paper.LinesOf(text))
                    meter.Add(line.Length);
            },
            meter => Paper.Unless(meter.Count == Paper.Papers * Paper.Lines && meter.Longest is > 3 and < 20, "a line was not metered")
        );

    private sealed class Meter
    {
        private int _count,
            _longest;

        public int Count => Volatile.Read(ref _count);

        public int Longest => Volatile.Read(ref _longest);

        public void Add(int length)
        {
            Interlocked.Increment(ref _count);
            for (var known = Volatile.Read(ref _longest); known < length; )
            {
                var before = Interlocked.CompareExchange(ref _longest, length, known);
                if (before == known)
                    break;
                known = before;
            }
        }
    }
}

/// <summary>Right: builders from a pool, each used by who took it, and given back when it is read.</summary>
public static class CalmPool
{
    public static Dispatch Healthy { get; } =
        Turn.Telling(
            Meets.Continued,
            () => new ConcurrentBag<StringBuilder> { new() },
            (pool, _, text) =>
            {
                var builder = pool.TryTake(out var free) ? free : new StringBuilder();
                foreach (var line in Paper.LinesOf(text))
                    builder.Append(line).Append('\n');
                var lines = builder.ToString().Count(c => c == '\n');
                builder.Clear();
                pool.Add(builder);
                return lines == Paper.Lines ? text : throw new InvalidOperationException("another wrote into the builder");
            }
        );
}

/// <summary>Right: the factory may run twice, for it only computes; whose value stays does not matter.</summary>
public static class CalmFactory
{
    public static Dispatch Healthy { get; } =
        Turn.BeforeCalls(
            () => new ConcurrentDictionary<string, uint>(),
            (sums, _) =>
            {
                if (sums.GetOrAdd("terms", text => Paper.Digest(text)) != Paper.Digest("terms"))
                    throw new InvalidOperationException("the terms have another checksum");
            },
            sums => Paper.Unless(sums.Count == 1, "the terms are known twice")
        );
}

/// <summary>Right: readers together, writers alone, and what a reader saw is asked again by who writes.</summary>
public static class CalmReadersAndWriters
{
    public static Dispatch Healthy { get; } =
        Turn.OverAnswers(
            Fans.Each,
            () => new Names(),
            (names, _, _) =>
            {
                foreach (var line in Paper.LinesOf("name"))
                    names.NumberOf(line);
            },
            names => Paper.Unless(names.Given == Paper.Lines, $"{names.Given} numbers were given")
        );

    private sealed class Names
    {
        private readonly ReaderWriterLockSlim _gate = new();
        private readonly Dictionary<string, int> _numbers = [];

        public int Given { get; private set; }

        public int NumberOf(string name)
        {
            _gate.EnterReadLock();
            try
            {
                if (_numbers.TryGetValue(name, out var known))
                    return known;
            }
            finally
            {
                _gate.ExitReadLock();
            }
            _gate.EnterWriteLock();
            try
            {
                if (!_numbers.TryGetValue(name, out var number))
                    _numbers[name] = number = ++Given;
                return number;
            }
            finally
            {
                _gate.ExitWriteLock();
            }
        }
    }
}

/// <summary>Right: a table that nobody changes is replaced by one with another row, unless somebody was faster.</summary>
public static class CalmSwap
{
    public static Dispatch Healthy { get; } =
        Turn.OnAnswers(
            Meets.Blocking,
            () => new Table(),
            (table, i, text) =>
            {
                foreach (var line in Paper.LinesOf(text).Take(50))
                    table.Add(line, i);
            },
            table => Paper.Unless(table.Rows.Count == Paper.Papers * 50, $"{table.Rows.Count} rows are in the table")
        );

    private sealed class Table
    {
        private ImmutableDictionary<string, int> _rows = ImmutableDictionary<string, int>.Empty;

        public ImmutableDictionary<string, int> Rows => Volatile.Read(ref _rows);

        public void Add(string line, int paper)
        {
            while (true)
            {
                var before = Rows;
                if (Interlocked.CompareExchange(ref _rows, before.SetItem(line, paper), before) == before)
                    return;
            }
        }
    }
}
