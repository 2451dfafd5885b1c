using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Pitfalls;

namespace Races;

/// <summary>A buffer goes back to its pool, and is then read once more.</summary>
public static class UsedAfterReturn
{
    private const int Size = 1_024;

    public static Dispatch Broken { get; } =
        Of(
            (pool, text) =>
            {
                var buffer = pool.Rent(Size);
                Write(text, buffer);
                pool.Return(buffer);
                return Read(text, buffer);
            }
        );

    public static Dispatch Fixed { get; } =
        Of(
            (pool, text) =>
            {
                var buffer = pool.Rent(Size);
                Write(text, buffer);
                var read = Read(text, buffer);
                pool.Return(buffer);
                return read;
            }
        );

    private static Dispatch Of(Func<ArrayPool<char>, string, string> copy) =>
        Turn.Telling(Meets.Awaiting, () => ArrayPool<char>.Create(Size, Paper.Papers), (pool, _, text) => copy(pool, text));

    private static void Write(string text, char[] buffer)
    {
        for (var i = 0; i < text.Length; i++)
            buffer[i] = text[i];
    }

    private static string Read(string text, char[] buffer)
    {
        Paper.Digest(text);
        var read = "";
        for (var i = 0; i < text.Length; i++)
            read += buffer[i];
        return read;
    }
}

/// <summary>All read from one stream, each from its own place.</summary>
public static class SharedStream
{
    private const int PerCall = 1_000,
        Width = 4;

    private static readonly byte[] s_lines = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, Paper.Papers * PerCall).Select(i => $"{i:0000}"))
    );

    public static Dispatch Broken { get; } = Of(shared => shared);

    public static Dispatch Fixed { get; } = Of(_ => Open());

    private static Dispatch Of(Func<MemoryStream, MemoryStream> take) =>
        Turn.OverAnswers(
            Fans.Invoked,
            Open,
            (shared, i, _) =>
            {
                var stream = take(shared);
                var line = new byte[Width];
                for (var n = i * PerCall; n < (i + 1) * PerCall; n++)
                {
                    stream.Position = n * Width;
                    stream.ReadExactly(line);
                    if (int.Parse(line) != n)
                        throw new InvalidOperationException($"line {n} is another");
                }
            }
        );

    private static MemoryStream Open() => new(s_lines, writable: false);
}

/// <summary>A prepared statement, filled and executed by each call.</summary>
public static class SharedStatement
{
    public static Dispatch Broken { get; } = Of(database => database.Prepared);

    public static Dispatch Fixed { get; } = Of(database => database.Prepare());

    private static Dispatch Of(Func<Database, Statement> take) =>
        Turn.OnAnswers(
            Meets.Looped,
            () => new Database(),
            (database, i, text) =>
            {
                var statement = take(database);
                statement.Parameters.Clear();
                statement.Parameters.Add($"{i}");
                statement.Parameters.Add($"{Paper.Digest(text)}");
                statement.Execute();
            },
            database => Paper.Unless(database.Rows.Count == Paper.Papers, $"{database.Rows.Count} rows were written")
        );

    private sealed class Database
    {
        public Database() => Prepared = Prepare();

        public ConcurrentDictionary<string, string> Rows { get; } = [];

        public Statement Prepared { get; }

        public Statement Prepare() => new(Rows);
    }

    /// <summary>Serves one execution at a time, as the statements of databases do.</summary>
    private sealed class Statement(ConcurrentDictionary<string, string> rows)
    {
        public List<string> Parameters { get; } = [];

        public void Execute()
        {
            if (Parameters is not [var key, var sum])
                throw new InvalidOperationException("2 parameters are wanted, others are given");
            rows[key] = sum;
        }
    }
}

/// <summary>A variable outside the lambda holds what each call works on.</summary>
public static class OuterVariable
{
    public static Dispatch Broken { get; } =
        async (tools, calls, token) =>
        {
            string answer;
            return await Task.WhenAll(
                calls.Select(async call =>
                {
                    answer = await tools.CallAsync(call, token);
                    Paper.Digest(answer);
                    return (object?)answer;
                })
            );
        };

    public static Dispatch Fixed { get; } =
        async (tools, calls, token) =>
            await Task.WhenAll(
                calls.Select(async call =>
                {
                    var answer = await tools.CallAsync(call, token);
                    Paper.Digest(answer);
                    return (object?)answer;
                })
            );
}
