namespace ReplayHarness.Tests.Replays;

/// <summary>One desk of two: its bill is kept under a lock.</summary>
public static class FrontDesk
{
    public sealed class Bill
    {
        public int Cents;
    }
}

/// <summary>The other desk, whose bill has the same name.</summary>
public static class BackDesk
{
    public sealed class Bill
    {
        public int Cents;
    }
}

public sealed class TwoBillsBroken : AtOnceDriver
{
    private readonly FrontDesk.Bill _front = new();
    private readonly BackDesk.Bill _back = new();

    protected override void Piece(int number)
    {
        lock (_front)
            _front.Cents++;
        _back.Cents++;
    }

    protected override string? Check() => _back.Cents == 3 ? null : "a call was not paid for";
}

/// <summary>PLINQ runs code in an order of its own, of which nothing is seen; what follows races.</summary>
public sealed class LooseAggregateBroken : AtOnceDriver
{
    private int _sum;

    protected override void Piece(int number)
    {
        _ = Enumerable.Range(0, 3).AsParallel().Aggregate(() => 0, (sum, n) => sum + n, (a, b) => a + b, sum => sum);
        _sum++;
    }

    protected override string? Check() => _sum == 3 ? null : "a call was not counted";
}
