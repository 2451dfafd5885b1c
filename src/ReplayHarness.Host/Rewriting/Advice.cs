using Mono.Cecil;

namespace ReplayHarness.Host.Rewriting;

/// <summary>What is wrong with a call that stays as it is: it is noted where it is made.</summary>
internal static class Advice
{
    private const string Outside = "what it does happens outside the replay; put it behind a tool";
    private const string Hashes = "differs from process to process; use a hash of your own for anything but a table";
    private const string Sockets = "System.Net.Sockets.Socket";
    private const string Datagrams = "System.Net.Sockets.UdpClient";
    private const string Threading = "System.Threading.";
    private const string Pings = "System.Net.NetworkInformation.Ping";
    private const string Process = "System.Diagnostics.Process";

    /// <summary>The types with such members.</summary>
    public static IReadOnlyList<string> Types { get; } = [Process, Sockets, Datagrams, Pings];

    /// <summary>The types with such members that count in the agent's own assemblies only.</summary>
    public static IReadOnlyList<string> TypesOfAgents { get; } =
    [
        Threading + "ThreadPool",
        Threading + "SpinLock",
        "System.Environment",
        "System.GC",
        "System.String",
        "System.HashCode",
        "System.Runtime.CompilerServices.RuntimeHelpers",
        "System.IO.FileSystemWatcher",
        "System.IO.Pipes.NamedPipeClientStream",
    ];

    /// <summary>What is wrong with a call; null where nothing is.</summary>
    /// <param name="type">The type of the member that is called.</param>
    /// <param name="member">The member.</param>
    /// <param name="method">The name of the method that calls it.</param>
    /// <param name="caller">Whose code calls it.</param>
    public static string? On(string type, string member, string method, Caller caller) =>
        OfEverybody(type, member, caller) ?? (caller == Caller.Agent ? OfAgents(type, member, method) : null);

    /// <summary>What is wrong with a call of native code of the agent's own; null where it is none.</summary>
    public static string? OnNative(MethodReference called) =>
        called is MethodDefinition { IsPInvokeImpl: true } native
            ? $"P/Invoke of {native.PInvokeInfo?.Module?.Name ?? "a library"}: {native.Name}: {Outside}"
            : null;

    private static string? OfEverybody(string type, string member, Caller caller) =>
        (type, member) switch
        {
            (Process, "Start") => $"Process.Start: {Outside}",
            (Pings, _) when member.StartsWith("Send", StringComparison.Ordinal) => $"real I/O: Ping.{member}: {Outside}",
            (Datagrams or Sockets, _) when Sends(member) || (caller != Caller.Framework && Accepts(member)) =>
                $"real I/O: {Simple(type)}.{member}: {Outside}",
            _ => null,
        };

    private static string? OfAgents(string type, string member, string caller) =>
        (type, member) switch
        {
            (Threading + "ThreadPool", "RegisterWaitForSingleObject" or "UnsafeRegisterWaitForSingleObject") =>
                $"ThreadPool.{member}: the runtime waits there in real time; await instead",
            (Threading + "SpinLock", "TryEnter") => "SpinLock.TryEnter: it spins in real time; use a lock",
            ("System.IO.FileSystemWatcher", "WaitForChanged") => $"FileSystemWatcher.WaitForChanged: {Outside}",
            ("System.IO.Pipes.NamedPipeClientStream", "Connect" or "ConnectAsync") => $"NamedPipeClientStream.{member}: {Outside}",
            ("System.GC", "GetTotalPauseDuration" or "WaitForFullGCApproach" or "WaitForFullGCComplete") =>
                $"GC.{member}: it is about the memory of this process, not of the agent's",
            ("System.Environment", "get_CpuUsage") => "Environment.CpuUsage: it is the time that this process spent, not the agent's",
            (Process, "get_StartTime" or "get_TotalProcessorTime" or "get_UserProcessorTime" or "get_PrivilegedProcessorTime") =>
                $"Process.{member[4..]}: it is the time of a real process",
            // A table of the agent's own compares what it finds, too: there it decides nothing.
            ("System.String" or "System.HashCode" or "System.Runtime.CompilerServices.RuntimeHelpers", "GetHashCode")
            or ("System.HashCode", "Combine" or "ToHashCode") when caller != "GetHashCode" => $"{Simple(type)}.{member}: it {Hashes}",
            _ => null,
        };

    private static string Simple(string type) => type[(type.LastIndexOf('.') + 1)..];

    // A web server waits for connections, and a replay makes none.
    private static bool Accepts(string member) => member.StartsWith("Accept", StringComparison.Ordinal);

    // A connection is told by an event, with its address.
    private static bool Sends(string member) =>
        member.StartsWith("SendTo", StringComparison.Ordinal)
        || member.StartsWith("ReceiveFrom", StringComparison.Ordinal)
        || member.StartsWith("ReceiveMessageFrom", StringComparison.Ordinal)
        || member is "Send" or "SendAsync" or "Receive" or "ReceiveAsync" or "BeginSend" or "BeginReceive";
}
