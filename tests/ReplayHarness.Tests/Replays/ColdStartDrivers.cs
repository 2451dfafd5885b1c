using ColdStarts;
using Pitfalls;

namespace ReplayHarness.Tests.Replays;

/// <summary>
/// The calls of the first turn fill a static that is empty in a fresh process, and only there: whoever comes first. The agent fails at its
/// end where that was not the first call. The fixed one fills it before it makes a call.
/// </summary>
public abstract class ColdStartDriver(Func<int?> read, Action<int> write, bool broken)
    : PitfallDriver(() => DispatchTo(read, write, broken))
{
    private static Dispatch DispatchTo(Func<int?> read, Action<int> write, bool broken) =>
        async (tools, calls, token) =>
        {
            if (!broken && read() is null)
                write(0);
            var results = await Task.WhenAll(
                calls.Select(
                    async (call, i) =>
                    {
                        var result = await tools.CallAsync(call, token);
                        if (read() is null)
                            write(i);
                        return (object?)result;
                    }
                )
            );
            return calls.Count < 6 || read() == 0 ? results : throw new InvalidOperationException("the second call came first");
        };
}

public static class OwnPlace
{
    internal static int? s_first;
}

public static class GenericPlace<T>
{
    internal static int? s_first;
}

file static class FilePlace
{
    internal static int? s_first;
}

public static class ThreadPlace
{
    [ThreadStatic]
    internal static int? t_first;
}

public sealed class ColdStaticBroken() : ColdStartDriver(() => OwnPlace.s_first, i => OwnPlace.s_first = i, broken: true);

public sealed class ColdStaticFixed() : ColdStartDriver(() => OwnPlace.s_first, i => OwnPlace.s_first = i, broken: false);

public sealed class ColdGenericBroken()
    : ColdStartDriver(() => GenericPlace<string>.s_first, i => GenericPlace<string>.s_first = i, broken: true);

public sealed class ColdGenericFixed()
    : ColdStartDriver(() => GenericPlace<string>.s_first, i => GenericPlace<string>.s_first = i, broken: false);

public sealed class ColdFileBroken() : ColdStartDriver(() => FilePlace.s_first, i => FilePlace.s_first = i, broken: true);

public sealed class ColdFileFixed() : ColdStartDriver(() => FilePlace.s_first, i => FilePlace.s_first = i, broken: false);

public sealed class ColdThreadBroken() : ColdStartDriver(() => ThreadPlace.t_first, i => ThreadPlace.t_first = i, broken: true);

public sealed class ColdThreadFixed() : ColdStartDriver(() => ThreadPlace.t_first, i => ThreadPlace.t_first = i, broken: false);

public sealed class ColdLibraryBroken() : ColdStartDriver(() => Place.First, i => Place.First = i, broken: true);

public sealed class ColdLibraryFixed() : ColdStartDriver(() => Place.First, i => Place.First = i, broken: false);

public static class Unready
{
    internal static readonly string s_key = Key();

    private static string Key() => throw new InvalidOperationException("no key");
}

public sealed class CatchesFailedInitialiser()
    : ControlDriver(
        (_, _) =>
        {
            try
            {
                _ = Unready.s_key.Length;
            }
            catch (TypeInitializationException) { }
            return Task.CompletedTask;
        }
    );

public sealed class DiesOfFailedInitialiser()
    : ControlDriver(
        async (_, _) =>
        {
            await Task.Yield();
            _ = Unready.s_key.Length;
        }
    );

public static class SlowlyReady
{
    internal static readonly string s_key = Task.Run(async () =>
    {
        await Task.Delay(100);
        return "key";
    }).Result;
    internal static readonly int s_length = s_key.Length;
}

public sealed class WaitsInInitialiser()
    : ControlDriver(
        async (_, _) =>
        {
            await Task.Yield();
            if (SlowlyReady.s_length != 3)
                throw new InvalidOperationException("seen half done");
        }
    );
