using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ReplayHarness.Tests.Replays;

/// <summary>Reads the clock where no call in its code tells so.</summary>
public sealed class ReflectsClock()
    : ControlDriver(
        (_, _) => Task.FromResult(typeof(DateTime).GetProperty("UtcNow", BindingFlags.Public | BindingFlags.Static)!.GetValue(null))
    );

/// <summary>Sleeps in native code.</summary>
public sealed partial class SleepsNatively()
    : ControlDriver(
        (_, _) =>
        {
            _ = getppid();
            return Task.CompletedTask;
        }
    )
{
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getppid();
}

/// <summary>Sends a metric by UDP.</summary>
public sealed class SendsDatagrams()
    : ControlDriver(
        async (_, _) =>
        {
            using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            using var client = new UdpClient();
            await client.SendAsync("hit"u8.ToArray(), (IPEndPoint)server.Client.LocalEndPoint!);
        }
    );

/// <summary>Picks a shard by a hash code, which every process draws anew.</summary>
public sealed class ShardsByHashCode() : ControlDriver((_, id) => Task.FromResult(id.GetHashCode() & 1));

/// <summary>Sorts work by the hash code that a comparer gives.</summary>
public sealed class ShardsByComparer() : ControlDriver((_, id) => Task.FromResult(EqualityComparer<string>.Default.GetHashCode(id) & 1));

/// <summary>Sorts work by the hash code of a record.</summary>
public sealed class ShardsByRecord() : ControlDriver((_, id) => Task.FromResult(new Shelf(id, 1).GetHashCode() & 1))
{
    private sealed record Shelf(string Name, int Floor);
}

/// <summary>Sorts work by the hash code of a tuple.</summary>
public sealed class ShardsByTuple() : ControlDriver((_, id) => Task.FromResult((id, 1).GetHashCode() & 1));

/// <summary>Sorts work by hash codes that are equal in all processes.</summary>
public sealed class ShardsByNumber()
    : ControlDriver(
        (_, id) => Task.FromResult((id.Length.GetHashCode() + (id.Length, 1).GetHashCode() + new Place(id.Length).GetHashCode()) & 1)
    )
{
    private readonly record struct Place(int Floor);
}

/// <summary>Draws in each way that there is, and lets the calls depend on it.</summary>
public sealed class DrawsInEveryWay()
    : ControlDriver(
        (_, _) =>
        {
            char[] letters = [.. "abcdefgh"];
            RandomNumberGenerator.Shuffle<char>(letters);
            using var generator = RandomNumberGenerator.Create();
            var bytes = new byte[4];
            generator.GetBytes(bytes);
            var file = Path.GetTempFileName();
            File.Delete(file);
            var text =
                RandomNumberGenerator.GetHexString(8)
                + RandomNumberGenerator.GetString("abc", 8)
                + new string(RandomNumberGenerator.GetItems<char>("xyz", 8))
                + Convert.ToHexString(bytes)
                + Guid.CreateVersion7()
                + Guid.CreateVersion7(DateTimeOffset.UnixEpoch)
                + Path.GetRandomFileName()
                + file
                + RandomNumberGenerator.GetInt32(1_000)
                + new string(letters);
            return Task.Delay(1 + text.Sum(c => c));
        }
    );

/// <summary>Waits by looking again and again for what another piece of work sets.</summary>
public sealed class SpinsUntilDone()
    : ControlDriver(
        (_, _) =>
        {
            var done = false;
            var setter = Task.Run(async () =>
            {
                await Task.Delay(5);
                Volatile.Write(ref done, true);
            });
            var seen = Task.Run(() => SpinWait.SpinUntil(() => Volatile.Read(ref done), 5_000));
            var spun = Task.Run(() =>
            {
                var spin = new SpinWait();
                while (!Volatile.Read(ref done))
                    spin.SpinOnce();
            });
            return Task.WhenAll(setter, seen, spun);
        }
    );

/// <summary>Takes a way that one draw in eight leads to, and fails there.</summary>
public sealed class TakesARareWay()
    : ControlDriver(
        (_, id) =>
            Random.Shared.Next(8) == 3 && id == "a" ? throw new InvalidOperationException("nobody came this way") : Task.CompletedTask
    );
