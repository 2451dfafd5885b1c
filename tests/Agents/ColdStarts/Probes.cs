using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace ColdStarts;

/// <summary>Uses static fields in every way there is, and tells what came of it: each time it must be what a fresh process gives.</summary>
public static class Probes
{
    /// <summary>Runs all of them: by name, what came of each, and what initialisers said meanwhile.</summary>
    public static IReadOnlyList<string> Run() => [.. All().Select(p => $"{p.Name} = {Result(p.Probe)} [{Told.Take()}]")];

    private static string Result(Func<object?> probe)
    {
        try
        {
            return probe()?.ToString() ?? "null";
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name} of {e.InnerException?.GetType().Name}: {e.Message}";
        }
    }

    private static IEnumerable<(string Name, Func<object?> Probe)> All() => [.. Initialising(), .. Holding(), .. Reflecting()];

    private static IEnumerable<(string, Func<object?>)> Initialising() =>
        [
            ("exact, by a method", () => Then(Exact.Touch, () => Exact.Count++)),
            ("exact, by a constructor", () => Then(() => _ = new Exact(), () => Exact.Count++)),
            ("exact, without fields", () => Then(ExactWithoutFields.Touch, () => Then(ExactWithoutFields.Touch, () => 1))),
            ("lax, not touched", () => Lax.Other()),
            ("lax", () => Lax.Value++),
            ("fails", () => Failing.Value),
            ("fails again", () => Failing.Value),
            ("fails with the same exception", () => ReferenceEquals(Thrown(() => Failing.Value), Thrown(() => Failing.Value))),
            ("fails exactly", () => Then(FailingExactly.Touch, () => 1)),
            ("fails within another", () => FailingOuter.Value),
            ("each needs the other", () => $"{Chicken.Name}, {Egg.Name}"),
            ("derived", () => Then(() => _ = new Child(), () => Child.Own + Parent.Of)),
            ("structure", () => Then(Point.Origin.Move, () => Point.Origin.X + Point.Origin.Step())),
            ("structure by default", () => default(Point).Step()),
            ("module", () => AtLoad.Text),
            ("nested", () => Outer.Inner.Text),
            ("initialised by name", () => Then(() => RuntimeHelpers.RunClassConstructor(typeof(Kept<byte>).TypeHandle), () => 1)),
            ("by two threads at once", ByTwoThreads),
        ];

    private static IEnumerable<(string, Func<object?>)> Holding() =>
        [
            ("generic", () => ++Kept<int>.Count + (Kept<string>.Count += 2) + (Kept<string>.Last ??= "l") + Kept<int>.Count),
            ("generic, a table", () => Then(() => Kept<string>.ByName.Add("a", "b"), () => Kept<string>.ByName.Count)),
            (
                "generic in generic",
                () => Then(() => Kept<int>.Pairs<string>.Pair = (++Kept<int>.Count, "u"), () => Kept<int>.Pairs<string>.Pair)
            ),
            ("generic, shared code", () => Bump<string>() + Bump<List<int>>() + Bump<string>()),
            ("constrained", () => Single<Ranked>.Instance.CompareTo(null)),
            ("interfaces", () => $"{IShared.Value++} {IProducer<string>.Text ??= "t"} {Asks.Of<Shared>()} {Asks.Of<Shared>()}"),
            ("volatile", () => Then(() => Marked.Flag |= 4, () => $"{Marked.Flag++} {Marked.Mark ??= "m"} {Marked.Flag}")),
            ("by reference", () => Then(() => Referred.Get() += 5, () => Referred.Next() + Referred.Numbers[1]++ + Referred.Numbers[1])),
            ("of a thread", OfThreads),
            ("automatic", () => Then(Listen, () => $"{Automatic.Number++} {Automatic.Lazily} {Automatic.Number}")),
            ("local to a file", () => Locals.Next() + Locals.Next()),
            (
                "values",
                () => Then(() => Values.Four[2] = 4, () => Values.Four[2] + Values.When.Year + Values.Constant[1] + Values.Both.Text)
            ),
            ("patterns", () => $"{Patterns.Own.IsMatch("xyz")} {Patterns.Generated().IsMatch("caab")}"),
            ("flowing", () => $"{Flowing.GuardedAsync().GetAwaiter().GetResult()} {Flowing.Locked()} {Flowing.UpTo(5).Count()}"),
            ("tables", () => $"{Tables.Do("next", 1)} {Tables.Do("twice", 4)} {Tables.Swap("z") ?? "-"} {Tables.Swap("y")}"),
        ];

    private static IEnumerable<(string, Func<object?>)> Reflecting() =>
        [
            ("enumeration", () => string.Join(',', Enumeration.All<Colour>().Select(c => c.Name))),
            ("set by reflection", () => Then(() => typeof(Values).GetField(nameof(Values.Maybe))!.SetValue(null, 4), () => Values.Maybe++)),
            ("generic by reflection", () => Then(() => typeof(Kept<long>).GetField("Count")!.SetValue(null, 40), () => Kept<long>.Count++)),
            ("read by reflection", () => typeof(Kept<long>).GetField("Count")!.GetValue(null)),
            ("property by reflection", () => typeof(Automatic).GetProperty(nameof(Automatic.Number))!.GetValue(null)),
            ("fails by reflection", () => typeof(Failing).GetField("Value")!.GetValue(null)),
            ("expression tree", () => ((Expression<Func<decimal>>)(() => Values.Price + Automatic.Number)).Compile()()),
            ("expression by name", () => Read<decimal>(Expression.Field(null, typeof(Values), nameof(Values.Price)))),
            ("expression by member", () => Read<int>(Expression.MakeMemberAccess(null, typeof(Lax).GetField("Value")!))),
        ];

    private static object? Then(Action first, Func<object?> last)
    {
        first();
        return last();
    }

    private static Exception? Thrown(Func<int> probe)
    {
        try
        {
            _ = probe();
            return null;
        }
        catch (TypeInitializationException e)
        {
            return e;
        }
    }

    private static T Read<T>(MemberExpression member) => Expression.Lambda<Func<T>>(member).Compile()();

    private static int Bump<T>() => ++Kept<T>.Count;

    private static void Listen()
    {
        Automatic.Rung += () => Told.Say("rung");
        Automatic.Ring();
    }

    private static string OfThreads()
    {
        var other = "";
        Threads.Here++;
        var first = Threads.Name;
        On(() => other = $"{Threads.Here += 10} {Threads.Name ?? "none"}");
        return $"{Threads.Here} {first}; {other}";
    }

    private static string ByTwoThreads()
    {
        var seen = "";
        var thread = new Thread(() =>
        {
            Slow.Wait();
            seen = $"{SlowlyMade.First} {SlowlyMade.Second}";
        });
        thread.Start();
        var mine = SlowlyMade.Second;
        thread.Join();
        return $"{mine}; {seen}";
    }

    private static void On(ThreadStart body)
    {
        var thread = new Thread(body);
        thread.Start();
        thread.Join();
    }
}
