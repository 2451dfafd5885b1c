using System.Net;
using System.Net.Sockets;
using ReplayHarness.Host.Pumping;
using static ReplayHarness.Host.SelfTests.SelfTest;

namespace ReplayHarness.Host.SelfTests;

/// <summary>
/// What leaves the process must be heard of, and when it ends. Nothing leaves this machine: a closed port of it, and its own name.
/// </summary>
internal static class EventTest
{
    public static void Run()
    {
        Heard("a connection", Connect);
        Heard("a name resolution", static () => Dns.GetHostAddresses("localhost"));
        Heard("an HTTP request", Request);
    }

    private static void Heard(string what, Action make)
    {
        var before = RealIo.Started;
        make();
        Expect(RealIo.Started == before + 1, $"{RealIo.Started - before} events told of {what}; expected 1");
        Expect(!RealIo.IsInFlight, $"no event told that {what} ended");
    }

    private static void Connect()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Connect(closed.LocalEndPoint!);
        }
        catch (SocketException)
        {
            // Refused, as it must be.
        }
    }

    // A request costs as much as all other tests; its source of events is asked to tell of one instead.
    private static void Request()
    {
        var names = RuntimeParts.Current.Events;
        var telemetry = RuntimeParts.TypeNamed(typeof(HttpClient).Assembly, names.HttpTelemetry);
        var log = RuntimeParts.Field(telemetry, names.HttpLog).GetValue(null);
        foreach (var name in (string[])[names.RequestStart, names.RequestStop])
        {
            var told = RuntimeParts.Method(telemetry, name);
            told.Invoke(log, [.. told.GetParameters().Select(p => Activator.CreateInstance(p.ParameterType))]);
        }
    }
}
