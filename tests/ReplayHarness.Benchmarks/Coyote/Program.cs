// Explores the planted agents under Microsoft Coyote; coyote.sh builds this, rewrites it and runs it.
using System.Diagnostics;
using System.Globalization;
using Microsoft.Coyote;
using Microsoft.Coyote.SystematicTesting;
using ReplayHarness.Benchmarks.Coyote;

var seconds = int.Parse(args[0], CultureInfo.InvariantCulture);
foreach (var agent in PlantedAgent.All)
{
    var configuration = Configuration.Create().WithTestingTimeout(seconds).WithRandomGeneratorSeed(1).WithTelemetryEnabled(false);
    var schedules = 0;
    var engine = TestingEngine.Create(configuration, () => agent.RunAsync((_, s) => Task.Delay(TimeSpan.FromSeconds(s))));
    engine.RegisterEndIterationCallBack(_ => schedules++);
    var watch = Stopwatch.StartNew();
    engine.Run();
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{agent.Name} {engine.TestReport.NumOfFoundBugs} {schedules} {watch.Elapsed.TotalSeconds:0.000}"
        )
    );
}
