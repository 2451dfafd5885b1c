using ReplayHarness.Host.Rewriting;

namespace ReplayHarness.Tests.Host;

/// <summary>
/// Whatever of the runtime gives time, randomness or a thread is redirected, noted, or known to be harmless, with the reason.
/// </summary>
public sealed class RuntimeMembersTests
{
    private const string Parked = "a wait that blocks is parked, and its time-out passes in virtual time";
    private const string Twins = "the runtime's timers have twins on the virtual clock";
    private const string Pool = "the kernel owns the pool's queue";
    private const string Seeded = "draws from the seeded shared generator";
    private const string Constant = "always the same";
    private const string Connection = "belongs to a connection, which an event tells of";

    // By type, or by type and member.
    private static readonly Dictionary<string, string> s_known = new(StringComparer.Ordinal)
    {
        ["System.Threading.Monitor"] = Parked,
        ["System.Threading.Lock"] = Parked,
        ["System.Threading.WaitHandle"] = Parked,
        ["System.Threading.ManualResetEventSlim"] = Parked,
        ["System.Threading.SemaphoreSlim"] = Parked,
        ["System.Threading.CountdownEvent"] = Parked,
        ["System.Threading.Barrier"] = Parked,
        ["System.Threading.ReaderWriterLock"] = Parked,
        ["System.Threading.ReaderWriterLockSlim"] = Parked,
        ["System.Threading.SynchronizationContext"] = Parked,
        ["System.Threading.Tasks.Task"] = Parked,
        ["System.Threading.Tasks.Task`1"] = Twins,
        ["System.Collections.Concurrent.BlockingCollection`1"] = Parked,
        ["System.Threading.Timer"] = Twins,
        ["System.Threading.ITimer"] = Twins,
        ["System.Threading.PeriodicTimer"] = Twins,
        ["System.Threading.CancellationTokenSource"] = Twins,
        ["System.TimeProvider::CreateTimer"] = Twins,
        ["System.Threading.ThreadPool"] = Pool,
        ["System.Threading.Thread::get_CurrentThread"] = "a thread that is there already",
        ["System.Random::get_Shared"] = Seeded,
        ["System.Linq.Enumerable::Shuffle"] = Seeded,
        ["System.Random::.ctor"] = "the agent gives the seed",
        ["System.Diagnostics.Stopwatch::.ctor"] = "does not run yet",
        ["System.Diagnostics.Stopwatch::Reset"] = "sets it to zero",
        ["System.Diagnostics.Stopwatch::get_IsRunning"] = "no time",
        ["System.Diagnostics.Stopwatch::GetElapsedTime"] = "the difference of two given times",
        ["System.Threading.SpinWait::get_Count"] = "no time",
        ["System.Threading.SpinWait::get_NextSpinWillYield"] = Constant,
        ["System.Threading.SpinWait::Reset"] = "no time",
        ["System.DateOnly"] = Constant,
        ["System.TimeOnly"] = Constant,
        ["System.Net.WebSockets.WebSocket::get_DefaultKeepAliveInterval"] = Constant,
        ["System.Diagnostics.ActivitySpanId"] = "an id of telemetry; where one enters a call, two replays differ, which is told",
        ["System.Diagnostics.ActivityTraceId"] = "an id of telemetry; where one enters a call, two replays differ, which is told",
        ["System.Diagnostics.Process"] = "the start of the process that is waited for is noted",
        ["System.Security.Cryptography.RSAOAEPKeyExchangeFormatter"] = "the generator that was given to it",
        ["System.Security.Cryptography.RSAPKCS1KeyExchangeFormatter"] = "the generator that was given to it",
        ["System.Security.Cryptography.RSAPKCS1KeyExchangeDeformatter"] = "the generator that was given to it",
        ["System.Net.Sockets.Socket"] = Connection,
        ["System.Net.Sockets.NetworkStream"] = Connection,
        ["System.Net.WebSockets.WebSocketStream"] = Connection,
    };

    [Test]
    public void Each_member_is_redirected_noted_or_known_to_be_harmless()
    {
        var redirected = CallTable.Redirected.ToHashSet(StringComparer.Ordinal);
        var members = RuntimeMembers.All().ToArray();
        Assert.That(members, Has.Length.GreaterThan(200));
        Assert.That(
            from m in members
            let key = CallTable.KeyOf(m.Type, m.Member)
            where !redirected.Contains(key)
            where Advice.On(m.Type.FullName!, m.Member.Name, "", Caller.Agent) is null
            where !s_known.ContainsKey(m.Type.FullName!) && !s_known.ContainsKey($"{m.Type.FullName}::{m.Member.Name}")
            select key,
            Is.Empty
        );
    }

    [Test]
    public void Nothing_is_known_to_be_harmless_that_is_not_there()
    {
        var names = RuntimeMembers.All().SelectMany(m => (string[])[m.Type.FullName!, $"{m.Type.FullName}::{m.Member.Name}"]).ToHashSet();
        Assert.That(s_known.Keys.Where(k => !names.Contains(k)), Is.Empty);
    }

    // A key that no member of the runtime has would redirect nothing.
    [Test]
    public void What_is_redirected_is_there()
    {
        var names =
            from key in CallTable.Redirected
            let type = Find(key[..key.IndexOf("::", StringComparison.Ordinal)])
            where type is null || !Members(type).Contains(key)
            select key;
        Assert.That(names, Is.Empty);
    }

    private static Type? Find(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name.Replace('/', '+'))).FirstOrDefault(t => t is not null);

    private static IEnumerable<string> Members(Type type) =>
        type.GetMembers().OfType<System.Reflection.MethodBase>().Select(m => CallTable.KeyOf(type, m));
}
