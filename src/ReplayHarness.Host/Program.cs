using ReplayHarness.Verdicts;

// Replies own standard output; what an agent prints must not mix with them.
using var replies = Console.OpenStandardOutput();
Console.SetOut(Console.Error);
HostLoop.Serve(Console.In, replies);
return 0;
