using System.Text;
using Pitfalls;
using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Replays;

/// <summary>Pieces that are ready at once, one for each call of a turn, and what must hold when all have run.</summary>
public abstract class AtOnceDriver : IReplayDriver
{
    /// <summary>What one of them does.</summary>
    protected abstract void Piece(int number);

    /// <summary>What is wrong in the end; null for nothing.</summary>
    protected virtual string? Check() => null;

    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        await new ToolLoop(
            services.ChatClient(),
            services.Tools(),
            async (tools, calls, token) =>
            {
                await Task.WhenAll(calls.Select((_, i) => Task.Run(() => Piece(i), token)));
                return Check() is { } wrong
                    ? throw new InvalidOperationException(wrong)
                    : await Task.WhenAll(calls.Select(async call => (object?)await tools.CallAsync(call, token)));
            }
        ).RunAsync(input.Text, cancellationToken);
    }
}

public sealed class StrangeReadLockBroken : AtOnceDriver
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly List<int> _kept = [];

    protected override void Piece(int number)
    {
        _gate.EnterReadLock();
        _kept.Add(number);
        _gate.ExitReadLock();
    }
}

public sealed class StrangeStructBroken : AtOnceDriver
{
    private Budget _budget = new() { Left = 3 };

    protected override void Piece(int number) => _budget.Take();

    protected override string? Check() => _budget.Left == 0 ? null : "a call was not paid for";

    private struct Budget
    {
        public int Left;

        public void Take() => Left--;
    }
}

public sealed class StrangeElementBroken : AtOnceDriver
{
    private readonly int[] _counts = new int[1];

    protected override void Piece(int number) => _counts[0]++;

    protected override string? Check() => _counts[0] == 3 ? null : "a call was not counted";
}

public sealed class StrangeReadersHealthy : AtOnceDriver
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly Dictionary<int, int> _kept = [];

    protected override void Piece(int number)
    {
        _gate.EnterReadLock();
        var known = _kept.ContainsKey(number);
        _gate.ExitReadLock();
        if (known)
            return;
        _gate.EnterWriteLock();
        _kept[number] = number;
        _gate.ExitWriteLock();
    }
}

public sealed class StrangeRandomHealthy : AtOnceDriver
{
    protected override void Piece(int number) => _ = Random.Shared.Next();
}

public sealed class StrangeThreadsHealthy : AtOnceDriver
{
    [ThreadStatic]
    private static StringBuilder? t_text;

    private static readonly ThreadLocal<List<int>> s_kept = new(() => []);

    protected override void Piece(int number)
    {
        (t_text ??= new()).Append(number).Clear();
        s_kept.Value!.Add(number);
    }
}

public sealed class StrangeMemoryHealthy : AtOnceDriver
{
    private readonly MemoryStream _page = new([1, 2, 3]);

    private readonly List<int> _lines = [1, 2, 3];

    protected override void Piece(int number) => _ = _page.ToArray().Length + _lines.Slice(0, 1).Count;
}
