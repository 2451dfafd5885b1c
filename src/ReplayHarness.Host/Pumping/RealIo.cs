#pragma warning disable RS0030 // Threads belong to Pumping: this folder is the one owner of the banned APIs.
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;
using ReplayHarness.Host.States;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// Hears of connections, name resolutions and HTTP requests that leave the process: none of them belongs to a replay. While one is in
/// flight, the replay is not quiescent, and the virtual clock stands still.
/// </summary>
internal sealed class RealIo : EventListener
{
    private static RealIo? s_listener;

    // Of the whole process: what a schedule has left in flight ends in a later one.
    private static int s_inFlight;
    private static int s_started;

    /// <summary>
    /// How long a replay waits for something outside it before its clock moves, in milliseconds; 0 where nothing is in flight.
    /// </summary>
    public static int Patience(Pump pump) =>
        Volatile.Read(ref s_inFlight) > 0 ? 2_000
        : pump.HasConnected ? 100
        : 0;

    /// <summary>How many were heard of, in this process.</summary>
    public static int Started => Volatile.Read(ref s_started);

    /// <summary>True while something is in flight.</summary>
    public static bool IsInFlight => Volatile.Read(ref s_inFlight) > 0;

    /// <summary>Waits in real time for something to become ready; false where nothing does.</summary>
    public static bool Wait(int milliseconds) => milliseconds > 0 && Outside.Wait(milliseconds, static () => !ThreadPoolOwner.IsEmpty);

    /// <summary>Listens from now on.</summary>
    public static void Listen() => s_listener ??= new RealIo();

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        var names = RuntimeParts.Current.Events;
        if (eventSource.Name == names.Sockets || eventSource.Name == names.NameResolution || eventSource.Name == names.Http)
            EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var name = eventData.EventName;
        var names = RuntimeParts.Current.Events;
        if (name == names.ConnectStart || name == names.ResolutionStart || name == names.RequestStart)
        {
            Interlocked.Increment(ref s_inFlight);
            Interlocked.Increment(ref s_started);
            Kernel.Current?.NoteUncontrolled(
                $"real I/O: {Describe(eventData)}{Caller()}; a replay reaches no live system: use IHttpClientFactory, or put "
                    + $"the call behind a tool"
            );
        }
        else if (IsEnd(name))
        {
            if (name == names.ConnectStop && Pump.Current is { } pump)
                pump.HasConnected = true;
            if (Interlocked.Decrement(ref s_inFlight) < 0)
                Interlocked.Increment(ref s_inFlight);
        }
    }

    private static bool IsEnd(string? name)
    {
        var names = RuntimeParts.Current.Events;
        return name == names.ConnectStop || name == names.ResolutionStop || name == names.RequestStop || name == names.RequestFailed;
    }

    private static string Describe(EventWrittenEventArgs e)
    {
        var names = RuntimeParts.Current.Events;
        return e.EventName == names.RequestStart ? "an HTTP request"
            : e.EventName == names.ResolutionStart ? $"name resolution of {e.Payload![0]}"
            : $"connection to {AddressOf($"{e.Payload![0]}")}";
    }

    // InterNetwork:16:{port,port,a,b,c,d,…} or InterNetworkV6:28:{port,port,4 of flow,16 of address,…}
    private static string AddressOf(string socketAddress)
    {
        var start = socketAddress.IndexOf('{', StringComparison.Ordinal);
        if (start < 0)
            return socketAddress;
        byte[] bytes = [.. socketAddress[(start + 1)..].TrimEnd('}').Split(',').Select(b => byte.Parse(b, CultureInfo.InvariantCulture))];
        var address = bytes.Length > 24 ? new IPAddress(bytes[6..22]) : new IPAddress(bytes[2..6]);
        return $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}:{(bytes[0] << 8) + bytes[1]}";
    }

    // The event is written on the thread that makes the call.
    private static string Caller()
    {
        var method = new StackTrace()
            .GetFrames()
            .Select(f => f.GetMethod())
            .FirstOrDefault(m =>
                m?.DeclaringType?.Assembly is { } a
                && !HarnessCode.Owns(a)
                && !(a.GetName().Name ?? "").StartsWith("System.", StringComparison.Ordinal)
            );
        return method is null ? "" : $", called by {method.DeclaringType!.FullName}.{method.Name}";
    }
}
