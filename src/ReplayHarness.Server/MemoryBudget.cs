using System.Globalization;

namespace ReplayHarness.Server;

/// <summary>There is no memory for a request, now or ever.</summary>
internal sealed class NoMemoryException(string message, bool isForNow) : Exception(message)
{
    /// <summary>Whether others hold it, who will give it back.</summary>
    public bool IsForNow => isForNow;
}

/// <summary>
/// The memory that the bodies of all requests share: as they came, and inflated. What is made of them, a line each, comes on top; so a
/// budget is a small part of the machine's memory.
/// </summary>
internal sealed class MemoryBudget(long bytes)
{
    private const long Most = 512L << 20;
    private const int Part = 8;

    private long _taken;

    /// <summary>All there is.</summary>
    public long Bytes => bytes;

    /// <summary>What nobody holds.</summary>
    public long Free => bytes - Interlocked.Read(ref _taken);

    /// <summary>The one that suits this machine.</summary>
    public static MemoryBudget OfMachine() => new(Math.Min(Most, RealTime.MachineMemory / Part));

    /// <summary>Begins a request.</summary>
    public MemoryShare Hold() => new(this);

    internal bool TryTake(long count)
    {
        if (Interlocked.Add(ref _taken, count) <= bytes)
            return true;
        Give(count);
        return false;
    }

    internal void Give(long count) => Interlocked.Add(ref _taken, -count);
}

/// <summary>What one request holds; given back at its end.</summary>
internal sealed class MemoryShare(MemoryBudget budget) : IDisposable
{
    // A small body can be inflated to any size.
    private const long MostOfOne = 256L << 20;

    private long _held;

    private long Limit => Math.Min(MostOfOne, budget.Bytes);

    /// <summary>Refuses at once what cannot be held; takes nothing, for who announces much may send it slowly.</summary>
    /// <exception cref="NoMemoryException">It cannot be held.</exception>
    public void Expect(long count)
    {
        if (_held + count > Limit)
            throw TooLarge();
        if (count > budget.Free)
            throw Busy();
    }

    /// <summary>Holds so many bytes more.</summary>
    /// <exception cref="NoMemoryException">They cannot be held.</exception>
    public void Add(long count)
    {
        if (_held + count > Limit)
            throw TooLarge();
        if (!budget.TryTake(count))
            throw Busy();
        _held += count;
    }

    public void Dispose() => budget.Give(_held);

    private NoMemoryException TooLarge() =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the request is larger than {Limit} bytes, the most that is taken; send smaller batches"
            ),
            isForNow: false
        );

    private NoMemoryException Busy() =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"requests that are being received hold all of the {budget.Bytes} bytes that there are for them; try again"
            ),
            isForNow: true
        );
}
