using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ColdStarts;

public static class Kept<T>
{
    public static int Count;
    public static T? Last;
    public static readonly Dictionary<string, T> ByName = [];

    static Kept() => Told.Say($"Kept of {typeof(T).Name}");

    public static class Pairs<TOther>
    {
        public static (T?, TOther?) Pair;
    }
}

public class Single<T>
    where T : class, IComparable<T>, new()
{
    public static readonly T Instance = new();
}

public sealed class Ranked : IComparable<Ranked>
{
    public int CompareTo(Ranked? other) => 4;
}

public interface IShared
{
    static int Value = 5;

    static abstract int Own { get; }
}

public interface IProducer<out T>
{
    static string? Text;
}

public sealed class Shared : IShared
{
    private static int s_own = 11;

    public static int Own => s_own++;
}

public static class Asks
{
    public static int Of<T>()
        where T : IShared => T.Own;
}

public static class Marked
{
    public static volatile int Flag;
    public static volatile object? Mark;
}

public static class Referred
{
    public static int Count;
    public static readonly int[] Numbers = [1, 2, 3];

    public static ref int Get() => ref Count;

    public static int Next() => Interlocked.Increment(ref Count);
}

public static class Threads
{
    [ThreadStatic]
    public static int Here;

    [ThreadStatic]
    private static string? t_name = "first";

    public static string? Name => t_name;
}

public static class Automatic
{
    public static event Action? Rung;

    public static int Number { get; set; } = 4;

    public static string Lazily
    {
        get => field ??= "made";
    }

    public static void Ring() => Rung?.Invoke();
}

file static class Local
{
    public static int Count;
}

public static class Locals
{
    public static int Next() => ++Local.Count;
}

[InlineArray(4)]
public struct Four
{
    private int _first;
}

public static class Values
{
    public static Four Four;
    public static DateTime When = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public static decimal Price = 1.5m;
    public static (int Number, string Text) Both = (1, "one");
    public static int? Maybe;

    public static ReadOnlySpan<byte> Constant => [1, 2, 3];
}

public abstract record Enumeration(int Id, string Name)
{
    public static IEnumerable<T> All<T>() =>
        typeof(T)
            .GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(f => f.GetValue(null))
            .OfType<T>();
}

public sealed record Colour(int Id, string Name) : Enumeration(Id, Name)
{
    public static readonly Colour Red = new(1, "red");
    public static readonly Colour Blue = new(2, "blue");
}

public static partial class Patterns
{
    public static readonly Regex Own = new("x(y)z");

    [GeneratedRegex("a+b")]
    public static partial Regex Generated();
}

public static class Flowing
{
    private static readonly SemaphoreSlim s_gate = new(1);
    private static readonly Lock s_lock = new();
    private static readonly AsyncLocal<int> s_flow = new();
    private static int s_count;

    public static async Task<int> GuardedAsync()
    {
        await s_gate.WaitAsync();
        try
        {
            await Task.Yield();
            return s_flow.Value = ++s_count;
        }
        finally
        {
            s_gate.Release();
        }
    }

    public static int Locked()
    {
        lock (s_lock)
            return ++s_count;
    }

    public static IEnumerable<int> UpTo(int most)
    {
        while (s_count < most)
            yield return s_count++;
    }
}

public static class Tables
{
    private static readonly Dictionary<string, Func<int, int>> s_steps = new() { ["next"] = x => x + 1, ["twice"] = x => x * 2 };
    private static string? s_last;

    public static int Do(string step, int x) => s_steps[step](x);

    public static string? Swap(string text) => Interlocked.Exchange(ref s_last, text);
}
