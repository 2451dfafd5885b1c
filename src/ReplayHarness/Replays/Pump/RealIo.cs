#pragma warning disable RS0030 // Threads belong to Replays/Pump: this folder is the one owner of the banned APIs.
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;

namespace ReplayHarness.Replays.Pump;

/// <summary>
/// Hears of connections, name resolutions and HTTP requests that leave the process: none of them belongs to a replay. While one is in flight, the replay is
/// not quiescent, and the virtual clock stands still.
/// </summary>
internal sealed class RealIo : EventListener
{
    private static RealIo? s_listener;
    private static int s_inFlight;

    // What is sent over a connection once it stands, no event tells.
    private static bool s_connected;

    /// <summary>How long a replay waits for something outside it before its clock moves, in milliseconds; 0 where nothing is in flight.</summary>
    public static int Patience =>
        Volatile.Read(ref s_inFlight) > 0 ? 2_000
        : Volatile.Read(ref s_connected) ? 100
        : 0;

    /// <summary>Waits in real time for something to become ready; false where nothing does.</summary>
    public static bool Wait(int milliseconds)
    {
        for (var i = 0; i < milliseconds && ThreadPoolOwner.IsEmpty; i++)
            Thread.Sleep(1);
        return milliseconds > 0 && !ThreadPoolOwner.IsEmpty;
    }

    /// <summary>A new schedule begins.</summary>
    public static void Forget() => Volatile.Write(ref s_connected, false);

    /// <summary>Listens from now on.</summary>
    public static void Listen() => s_listener ??= new RealIo();

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name is "System.Net.Sockets" or "System.Net.NameResolution" or "System.Net.Http")
            EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        switch (eventData.EventName)
        {
            case "ConnectStart" or "ResolutionStart" or "RequestHeadersStart":
                Interlocked.Increment(ref s_inFlight);
                Kernel.Current?.NoteUncontrolled(
                    $"real I/O: {Describe(eventData)}{Caller()}; a replay reaches no live system: use IHttpClientFactory, or put the call behind a tool"
                );
                break;
            case "ConnectStop" or "ConnectFailed" or "ResolutionStop" or "ResolutionFailed" or "ResponseHeadersStop" or "RequestFailed":
                s_connected |= eventData.EventName == "ConnectStop";
                if (Interlocked.Decrement(ref s_inFlight) < 0)
                    Interlocked.Increment(ref s_inFlight);
                break;
            default:
                break;
        }
    }

    private static string Describe(EventWrittenEventArgs e) =>
        e.EventName switch
        {
            "RequestHeadersStart" => "an HTTP request",
            "ResolutionStart" => $"name resolution of {e.Payload![0]}",
            _ => $"connection to {AddressOf($"{e.Payload![0]}")}",
        };

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
                && a != typeof(RealIo).Assembly
                && !(a.GetName().Name ?? "").StartsWith("System.", StringComparison.Ordinal)
            );
        return method is null ? "" : $", called by {method.DeclaringType!.FullName}.{method.Name}";
    }
}
