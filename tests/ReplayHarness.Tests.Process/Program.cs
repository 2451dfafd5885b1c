using System.Text.Json;
using ReplayHarness.Host;
using ReplayHarness.Tests.Process;

// What needs a process of its own: it takes the runtime over, and prints what it saw as one JSON document.
switch (args)
{
    case ["sabotage", var name]:
        Print(Sabotage.Run(name));
        return 0;
    case ["serve", var name]:
        HostLoop.Serve(Console.In, Console.OpenStandardOutput(), Sabotage.Named(name));
        return 0;
    case ["kernel", var fixture]:
        Print(Scenarios.Run(RuntimeControl.TakeOver(), fixture));
        return 0;
    default:
        return 2;
}

static void Print(object value) => Console.WriteLine(JsonSerializer.Serialize(value));
