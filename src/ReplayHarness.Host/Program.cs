using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using ReplayHarness.Host;
using ReplayHarness.Host.Controlled;
using ReplayHarness.Host.Rewriting;

// The agent's own list of assemblies counts; what the host needs and the agent has not lies beside the host.
var beside = Path.GetDirectoryName(typeof(ControlledCopy).Assembly.Location)!;
AssemblyLoadContext.Default.Resolving += (context, name) =>
    Path.Combine(beside, name.Name + ".dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;

if (args is ["prepare", var assembly, var target])
{
    try
    {
        ControlledCopy.Make(assembly, target);
        return 0;
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
}

// Whether replays can control the runtime that this was started on.
if (args is ["self-test"])
{
    try
    {
        Console.WriteLine(RuntimeControl.TakeOver().Runtime);
        return 0;
    }
    catch (UnexpectedRuntimeException e)
    {
        Console.Error.WriteLine(e.Message);
        return 3;
    }
}

// Ctrl-C is for the process that started this one: it asks for what was found so far.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);

// Replies own standard output; what an agent prints must not mix with them. Jobs own standard input.
using var replies = Console.OpenStandardOutput();
var jobs = Console.In;
Console.SetOut(Console.Error);
Console.SetIn(new NoInput());

// The process that started this one ends it. Where that was killed, nobody asks for the job that runs any more, and the agent in it must
// not go on.
using var self = Process.GetCurrentProcess();
HostLoop.Serve(jobs, replies, ended: self.Kill);
return 0;
