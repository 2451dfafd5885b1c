// Tests the racy agents and their mended twins under Microsoft Coyote; coyote-races.sh builds this, rewrites it and runs it.
// A line says: agent, mode, found or not, in which iteration, after how many seconds, and what Coyote said.
// Usage: [ITERATIONS [SECONDS [REGEX]]].
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Coyote;
using Microsoft.Coyote.SystematicTesting;
using Pitfalls;
using ReplayHarness.Benchmarks.CoyoteRaces;

var agents = (
    from type in typeof(Races.TokenTotal).Assembly.GetExportedTypes()
    where type.Namespace == "Races"
    from property in type.GetProperties(BindingFlags.Public | BindingFlags.Static)
    where property.PropertyType == typeof(Dispatch)
    select (Name: $"{type.Name} {property.Name}", Property: property)
).ToDictionary(a => a.Name, a => a.Property);
if (args is ["one", var agent, var mode, var most, var limit])
{
    var configuration = Configuration
        .Create()
        .WithTestingIterations(uint.Parse(most, CultureInfo.InvariantCulture))
        .WithRandomGeneratorSeed(1)
        .WithTelemetryEnabled(false)
        .WithMemoryAccessRaceCheckingEnabled(mode == "memory");
    var (ran, patience) = (0, TimeSpan.FromSeconds(int.Parse(limit, CultureInfo.InvariantCulture)));
    var watch = Stopwatch.StartNew();
    var engine = TestingEngine.Create(configuration, () => CoyoteTrial.RunAsync((Dispatch)agents[agent].GetValue(null)!));
    // Its own time-out would not heed the number of iterations.
    engine.RegisterEndIterationCallBack(_ =>
    {
        ran++;
        if (watch.Elapsed > patience)
            engine.Stop();
    });
    engine.Run();
    var report = engine.TestReport;
    var said = report.BugReports.Concat(report.InternalErrors).FirstOrDefault()?.ReplaceLineEndings(" ") ?? "";
    Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"= {report.NumOfFoundBugs} {ran} {watch.Elapsed.TotalSeconds:0.00} {said}")
    );
    return;
}
var iterations = args.Length > 0 ? args[0] : "1000";
var seconds = args.Length > 1 ? args[1] : "60";
var only = args.Length > 2 ? args[2] : "Broken$";
foreach (var name in agents.Keys.Where(n => Regex.IsMatch(n, only)).Order(StringComparer.Ordinal))
foreach (var with in (string[])["default", "memory"])
    Console.WriteLine($"{name, -30} {with, -8} {await OneAsync(name, with)}");

// In a process of its own: what Coyote does not control may hang it, or leave its memory corrupt.
async Task<string> OneAsync(string name, string with)
{
    using var process = Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [typeof(CoyoteTrial).Assembly.Location, "one", name, with, iterations, seconds])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }
    )!;
    var output = process.StandardOutput.ReadToEndAsync();
    var errors = process.StandardError.ReadToEndAsync();
    using var most = new CancellationTokenSource(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture) + 30));
    try
    {
        await process.WaitForExitAsync(most.Token);
    }
    catch (OperationCanceledException)
    {
        process.Kill(entireProcessTree: true);
        return "? hangs, and was ended";
    }
    var line = (await output).Split('\n').LastOrDefault(l => l.StartsWith("= ", StringComparison.Ordinal));
    var text = line?[2..].Trim() ?? $"? exit code {process.ExitCode}: {(await errors).ReplaceLineEndings(" ")}";
    return text.Length > 160 ? text[..160] : text;
}
