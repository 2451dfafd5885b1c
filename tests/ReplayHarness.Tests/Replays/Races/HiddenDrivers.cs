using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace ReplayHarness.Tests.Replays;

/// <summary>What all pieces use before and after, and what guards nothing.</summary>
public sealed class HiddenByQueueBroken : AtOnceDriver
{
    private readonly ConcurrentQueue<int> _log = new();
    private int _calls;

    protected override void Piece(int number)
    {
        _log.Enqueue(number);
        _calls++;
        _log.Enqueue(-number);
    }

    protected override string? Check() => _calls == 3 ? null : "a call was not counted";
}

public sealed class HiddenByMetricBroken : AtOnceDriver
{
    private int _metric,
        _calls;

    protected override void Piece(int number)
    {
        Interlocked.Increment(ref _metric);
        _calls++;
        Interlocked.Increment(ref _metric);
    }

    protected override string? Check() => _calls == 3 ? null : "a call was not counted";
}

public sealed class HiddenByLockOfLogBroken : AtOnceDriver
{
    private readonly Lock _gate = new();
    private readonly List<int> _kept = [];
    private int _lines;

    protected override void Piece(int number)
    {
        Note();
        _kept.Add(number);
        Note();
    }

    private void Note()
    {
        lock (_gate)
            _lines++;
    }
}

public sealed class HiddenByContainerBroken : AtOnceDriver
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSingleton<Tenant>().BuildServiceProvider();
    private bool _isMixed;

    protected override void Piece(int number)
    {
        _services.GetRequiredService<Tenant>().Name = $"{number}";
        if (_services.GetRequiredService<Tenant>().Name != $"{number}")
            _isMixed = true;
    }

    protected override string? Check() => _isMixed ? "a call was made for another tenant" : null;

    private sealed class Tenant
    {
        public string? Name { get; set; }
    }
}

/// <summary>Right: a spin lock of one's own.</summary>
public sealed class HiddenBySpinHealthy : AtOnceDriver
{
    private int _taken,
        _calls;

    protected override void Piece(int number)
    {
        while (Interlocked.CompareExchange(ref _taken, 1, 0) != 0)
            Thread.SpinWait(1);
        _calls++;
        Volatile.Write(ref _taken, 0);
    }

    protected override string? Check() => _calls == 3 ? null : "a call was not counted";
}

/// <summary>Right: the spin lock of .NET.</summary>
public sealed class HiddenBySpinLockHealthy : AtOnceDriver
{
    private SpinLock _gate = new(enableThreadOwnerTracking: false);
    private int _calls;

    protected override void Piece(int number)
    {
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            _calls++;
        }
        finally
        {
            if (taken)
                _gate.Exit();
        }
    }

    protected override string? Check() => _calls == 3 ? null : "a call was not counted";
}

/// <summary>Right: whoever comes first builds it, the others wait; or it is built before a type is used, or handed on.</summary>
public sealed class HiddenByLazyHealthy : AtOnceDriver
{
    private readonly Lazy<Rates> _lazy = new(() => new Rates { Euro = 2, Names = { ["EUR"] = 1 } });
    private readonly SemaphoreSlim _one = new(1);
    private readonly ManualResetEventSlim _ready = new();
    private readonly BlockingCollection<Rates> _handed = [];
    private readonly List<int> _kept = [];
    private Rates? _given;

    protected override void Piece(int number)
    {
        if (_lazy.Value.Euro + _lazy.Value.Names["EUR"] + Table.All["one"] != 4)
            throw new InvalidOperationException("a rate is missing");
        if (number == 0)
        {
            _given = new Rates { Euro = 3 };
            _ready.Set();
            _handed.Add(new Rates { Euro = 4 });
        }
        else
        {
            _ready.Wait();
            if (_given!.Euro != 3)
                throw new InvalidOperationException("the rate is not there");
            if (number == 1 && _handed.Take().Euro != 4)
                throw new InvalidOperationException("the rate was not handed on");
        }
        _one.Wait();
        _kept.Add(number);
        _one.Release();
    }

    protected override string? Check() => _kept.Count == 3 ? null : "a call was not kept";

    private static class Table
    {
        public static readonly Dictionary<string, int> All = Fill();

        private static Dictionary<string, int> Fill()
        {
            var table = new Dictionary<string, int>(StringComparer.Ordinal);
            table["one"] = 1;
            return table;
        }
    }

    private sealed class Rates
    {
        public int Euro;

        public Dictionary<string, int> Names { get; } = [];
    }
}

/// <summary>Who does not get the lock goes on without it.</summary>
public sealed class HiddenByTryBroken : AtOnceDriver
{
    private readonly object _gate = new();
    private int _calls;

    protected override void Piece(int number)
    {
        var taken = Monitor.TryEnter(_gate);
        _calls++;
        if (taken)
            Monitor.Exit(_gate);
    }

    protected override string? Check() => _calls == 3 ? null : "a call was not counted";
}

/// <summary>Right: a mutex, a lock that is asked for until it is there, and a thread that gives way.</summary>
public sealed class HiddenByMutexHealthy : AtOnceDriver
{
    private readonly Mutex _mutex = new();
    private readonly object _gate = new();
    private volatile bool _ready;
    private int _calls,
        _asked;

    protected override void Piece(int number)
    {
        _mutex.WaitOne();
        try
        {
            _calls++;
        }
        finally
        {
            _mutex.ReleaseMutex();
        }
        while (!Monitor.TryEnter(_gate))
            Thread.Yield();
        _asked++;
        Monitor.Exit(_gate);
        if (number == 2)
            _ready = true;
        while (!_ready)
            Thread.Yield();
    }

    protected override string? Check() => _calls + _asked == 6 ? null : "a call was not counted";
}
