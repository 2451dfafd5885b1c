using Mono.Cecil;
using ReplayHarness.Host.Controlled;

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
    private const string Pipes = "System.IO.Pipes.";
    private const string Process = "System.Diagnostics.Process";

    /// <summary>The types with such members.</summary>
    public static IReadOnlyList<string> Types { get; } = [Process, Sockets, Datagrams, Pings];

    /// <summary>The types with such members that count in the agent's own assemblies only.</summary>
    public static IReadOnlyList<string> TypesOfAgents { get; } =
    [
        Threading + "ThreadPool",
        "System.Environment",
        "System.GC",
        "System.String",
        "System.HashCode",
        "System.Runtime.CompilerServices.RuntimeHelpers",
        "System.IO.FileSystemWatcher",
        "System.IO.IsolatedStorage.IsolatedStorageFile",
        Pipes + "NamedPipeClientStream",
        Pipes + "NamedPipeServerStream",
        Pipes + "AnonymousPipeClientStream",
        Pipes + "AnonymousPipeServerStream",
        Threading + "Thread",
        .. Guards.TypesOfAgents,
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

    /// <summary>What is wrong with a member of which an expression holds the name.</summary>
    public static string InExpression(string type, string member) =>
        $"{type}.{Property(member)} in an expression: a replay cannot see through it; call it";

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
            ("System.Console", "OpenStandardInput") => $"Console.OpenStandardInput: {Outside}",
            (Threading + "Thread", "SetData") => "Thread.SetData: the next run finds it on this thread; use an AsyncLocal",
            ("System.IO.FileSystemWatcher", "WaitForChanged" or "set_EnableRaisingEvents") =>
                $"FileSystemWatcher.{Property(member)}: {Outside}",
            ("System.IO.IsolatedStorage.IsolatedStorageFile", _) when member.StartsWith("Get", StringComparison.Ordinal) =>
                $"IsolatedStorageFile.{member}: {Outside}",
            (Pipes + "NamedPipeClientStream", "Connect" or "ConnectAsync") => $"NamedPipeClientStream.{member}: {Outside}",
            (Pipes + "NamedPipeServerStream", "WaitForConnection" or "WaitForConnectionAsync" or "BeginWaitForConnection") =>
                $"NamedPipeServerStream.{member}: {Outside}",
            (Pipes + "AnonymousPipeServerStream" or Pipes + "AnonymousPipeClientStream", ".ctor") => $"new {Simple(type)}: {Outside}",
            ("System.GC", "GetTotalPauseDuration" or "WaitForFullGCApproach" or "WaitForFullGCComplete") =>
                $"GC.{member}: it is about the memory of this process, not of the agent's",
            ("System.Environment", "get_CpuUsage") => "Environment.CpuUsage: it is the time that this process spent, not the agent's",
            (Process, "get_StartTime" or "get_TotalProcessorTime" or "get_UserProcessorTime" or "get_PrivilegedProcessorTime") =>
                $"Process.{member[4..]}: it is the time of a real process",
            ("System.String", "IsInterned") => "String.IsInterned: the texts that are interned are those of the whole process",
            // A table of the agent's own compares what it finds, too: there it decides nothing.
            ("System.String" or "System.HashCode" or "System.Runtime.CompilerServices.RuntimeHelpers", "GetHashCode")
            or ("System.HashCode", "Combine" or "ToHashCode") when caller != "GetHashCode" => $"{Simple(type)}.{member}: it {Hashes}",
            // Where it is called its arguments are looked at; by reflection nobody sees them.
            _ => Guards.Has(type, member, Caller.Agent) ? $"{Simple(type)}.{member}: {Outside}" : null,
        };

    private static string Property(string member) =>
        member.StartsWith("set_", StringComparison.Ordinal) || member.StartsWith("get_", StringComparison.Ordinal) ? member[4..] : member;

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
