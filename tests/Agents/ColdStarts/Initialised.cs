using System.Runtime.CompilerServices;

namespace ColdStarts;

// Initialised when the first static method or constructor runs, and not before.
public class Exact
{
    public static int Count;

    static Exact() => Count = Told.Say("Exact", 7);

    public Exact() => Told.Say("constructed");

    public static void Touch() => Told.Say("touched");
}

public static class ExactWithoutFields
{
    static ExactWithoutFields() => Told.Say("WithoutFields");

    public static void Touch() => Told.Say("touched");
}

// Initialised when a field is used; a method that uses none does not matter.
public static class Lax
{
    public static int Value = Told.Say("Lax", 3);

    public static int Other() => 1;
}

public static class Failing
{
    public static int Value = int.Parse("none", System.Globalization.CultureInfo.InvariantCulture);
}

public static class FailingExactly
{
    static FailingExactly() => throw new InvalidOperationException("no configuration");

    public static void Touch() { }
}

public static class FailingOuter
{
    public static int Value = Failing.Value;
}

public static class Chicken
{
    public static readonly string Name = $"chicken of {Egg.Name ?? "nothing"}";
}

public static class Egg
{
    public static readonly string Name = $"egg of {Chicken.Name ?? "nothing"}";
}

public class Parent
{
    public static int Of = Told.Say("Parent", 1);

    static Parent() { }
}

public class Child : Parent
{
    public static int Own = Told.Say("Child", 2);

    static Child() { }
}

public struct Point
{
    public static Point Origin;
    private static readonly int s_step;

    public int X;

    static Point() => s_step = Told.Say("Point", 2);

    public readonly int Step() => s_step;

    public void Move() => X += 3;
}

public static class AtLoad
{
    public static string? Text;

    [ModuleInitializer]
    internal static void Fill() => Text = $"{Text}loaded";
}

public static class Outer
{
    public static class Inner
    {
        public static string Text = "inner";

        static Inner() => Told.Say("Inner");
    }
}

public static class Slow
{
    private static readonly ManualResetEventSlim s_begun = new();

    public static void Wait() => s_begun.Wait();

    public static void Begin() => s_begun.Set();
}

// Whoever comes while another thread initialises it waits, and never sees it half done.
public static class SlowlyMade
{
    public static readonly string First = Start();
    public static readonly string Second = "second";

    private static string Start()
    {
        Slow.Begin();
        Thread.Sleep(100);
        return "first";
    }
}
