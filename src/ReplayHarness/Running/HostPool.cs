using System.Diagnostics;
using ReplayHarness.Traces;

namespace ReplayHarness.Running;

/// <summary>
/// The host processes that wait for their next job. A job has a process to itself; a process serves one job after another of one assembly,
/// which saves its start.
/// </summary>
internal static class HostPool
{
    // More than these, or than run at once, are ended when their job is: a host that waits holds memory.
    private const int MostWaiting = 2;

    private static readonly Lock s_gate = new(),
        s_making = new();

    private static readonly List<HostProcess> s_waiting = [];
    private static int s_atOnce = 1;

    static HostPool() => AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAll();

    /// <summary>Says how many processes will run at once: each is kept for the next job, and gets its part of the memory.</summary>
    public static void Expect(int atOnce) => s_atOnce = atOnce;

    /// <summary>The copy of an assembly that is replayed; it is made where there is none.</summary>
    /// <exception cref="BadInputException">There is no such assembly, or it cannot be prepared.</exception>
    public static string CopyOf(string assembly)
    {
        var path = HostProcess.Resolve(assembly);
        // Two that begin at once need one copy.
        lock (s_making)
            return HostProcess.Prepare(path);
    }

    /// <summary>A process for the agents of an assembly, until it is given back.</summary>
    /// <exception cref="BadInputException">There is no such assembly.</exception>
    public static Rented Rent(string assembly)
    {
        var copy = CopyOf(assembly);
        lock (s_gate)
        {
            var index = s_waiting.FindIndex(h => h.Copy == copy && !h.HasEnded);
            if (index >= 0)
            {
                var host = s_waiting[index];
                s_waiting.RemoveAt(index);
                return new(host);
            }
        }
        return new(new HostProcess(HostProcess.Resolve(assembly), copy, part: s_atOnce));
    }

    private static void GiveBack(HostProcess host)
    {
        HostProcess? surplus = null;
        lock (s_gate)
        {
            if (host.IsReusable)
                s_waiting.Add(host);
            else
                surplus = host;
            if (s_waiting.Count > Math.Max(MostWaiting, s_atOnce))
            {
                surplus = s_waiting[0];
                s_waiting.RemoveAt(0);
            }
        }
        surplus?.Dispose();
    }

    /// <summary>Ends those that wait.</summary>
    public static void EndAll()
    {
        lock (s_gate)
        {
            foreach (var host in s_waiting)
                host.Dispose();
            s_waiting.Clear();
        }
    }

    /// <summary>A process that is in use.</summary>
    internal readonly struct Rented(HostProcess process) : IDisposable
    {
        public HostProcess Process => process;

        public void Dispose() => GiveBack(process);
    }
}
