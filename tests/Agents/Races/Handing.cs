using System.Security.Cryptography;
using System.Text;
using Pitfalls;

namespace Races;

/// <summary>A list becomes one text, while others add to it under a lock.</summary>
public static class JoinedMeanwhile
{
    public static Dispatch Broken { get; } = Of(names => names.Unlocked());

    public static Dispatch Fixed { get; } = Of(names => names.Locked());

    private static Dispatch Of(Func<Names, string> join) =>
        Turn.BeforeCalls(
            () => new Names(),
            (names, i) =>
            {
                if (i == 0)
                    names.Add("carol");
                else if (join(names).Length == 0)
                    throw new InvalidOperationException("there are no names");
            }
        );

    private sealed class Names
    {
        private readonly List<string> _names = ["alice", "bob"];

        public void Add(string name)
        {
            lock (_names)
                _names.Add(name);
        }

        public string Unlocked() => string.Join(", ", _names);

        public string Locked()
        {
            lock (_names)
                return string.Join(", ", _names);
        }
    }
}

/// <summary>Numbers for all calls come out of one enumerator.</summary>
public static class OneEnumerator
{
    public static Dispatch Broken { get; } = Of(numbers => numbers.Next());

    public static Dispatch Fixed { get; } =
        Of(numbers =>
        {
            lock (numbers)
                return numbers.Next();
        });

    private static Dispatch Of(Func<Numbers, int> next) =>
        Turn.BeforeCalls(
            () => (Numbers: new Numbers(), Given: new int[Paper.Papers]),
            (all, i) => all.Given[i] = next(all.Numbers),
            all => Paper.Unless(all.Given.Distinct().Count() == Paper.Papers, "two calls have one number")
        );

    private sealed class Numbers
    {
        private readonly IEnumerator<int> _numbers = Enumerable.Range(1, 100).Where(n => n % 3 > 0).GetEnumerator();

        public int Next() => _numbers.MoveNext() ? _numbers.Current : 0;
    }
}

/// <summary>New rates are copied over the old ones, while a call reads both sides of one.</summary>
public static class CopiedOver
{
    public static Dispatch Broken { get; } = Of(() => new InPlace());

    /// <summary>The new ones take the place of the old ones at once.</summary>
    public static Dispatch Fixed { get; } = Of(() => new Replaced());

    private static Dispatch Of(Func<IRates> open) =>
        Turn.BeforeCalls(
            open,
            (rates, i) =>
            {
                if (i == 1)
                    rates.Renew([3, 4]);
                else if (rates.Spread() != 1)
                    throw new InvalidOperationException("one side is old, the other new");
            }
        );

    private interface IRates
    {
        int Spread();

        void Renew(int[] rates);
    }

    private sealed class InPlace : IRates
    {
        private readonly int[] _rates = [1, 2];

        public int Spread()
        {
            var bid = _rates[0];
            return _rates[1] - bid;
        }

        public void Renew(int[] rates) => Array.Copy(rates, _rates, rates.Length);
    }

    private sealed class Replaced : IRates
    {
        private volatile int[] _rates = [1, 2];

        public int Spread()
        {
            var rates = _rates;
            return rates[1] - rates[0];
        }

        public void Renew(int[] rates) => _rates = rates;
    }
}

/// <summary>All calls count in one cell of a table.</summary>
public static class OneCell
{
    public static Dispatch Broken { get; } = Of(_ => 0);

    /// <summary>Each call has a cell of its own.</summary>
    public static Dispatch Fixed { get; } = Of(i => i);

    private static Dispatch Of(Func<int, int> columnOf) =>
        Turn.BeforeCalls(
            () => new int[2, Paper.Papers],
            (cells, i) => cells[1, columnOf(i)]++,
            cells => Paper.Unless(cells.Cast<int>().Sum() == Paper.Papers, "a call was not counted")
        );
}

/// <summary>A method of one list is handed to those who have something to add.</summary>
public static class AddedByDelegate
{
    public static Dispatch Broken { get; } = Of(new Lists(1));

    /// <summary>A list for each answer.</summary>
    public static Dispatch Fixed { get; } = Of(new Lists(Paper.Papers));

    private static Dispatch Of(Lists lists) =>
        Turn.OverAnswers(Fans.StartedTasks, () => lists.Open(), (all, i, text) => Array.ForEach(text.Split(' '), all[i % all.Length].Add));

    private sealed class Lists(int count)
    {
        public List<string>[] Open() => [.. Enumerable.Range(0, count).Select(_ => new List<string>())];
    }
}

/// <summary>One hash for the papers of all calls.</summary>
public static class OneHash
{
    public static Dispatch Broken { get; } =
        Of(text =>
        {
            var sha = text.Hash;
            return sha.ComputeHash(text.Bytes);
        });

    /// <summary>The static method, which keeps nothing.</summary>
    public static Dispatch Fixed { get; } = Of(text => SHA256.HashData(text.Bytes));

    private static Dispatch Of(Func<Sealed, byte[]> digest) =>
        Turn.BeforeCalls(
            () => new Sealed(),
            (paper, _) =>
            {
                if (digest(paper).Length != SHA256.HashSizeInBytes)
                    throw new InvalidOperationException("the seal is broken");
            }
        );

    private sealed class Sealed
    {
        public SHA256 Hash { get; } = SHA256.Create();

        public byte[] Bytes { get; } = Encoding.UTF8.GetBytes("terms");
    }
}
