using System.Diagnostics;
using System.Globalization;
using ReplayHarness.Benchmarks;

if (args is ["all"])
{
    string[][] parts =
    [
        ["kernel", "1000000"],
        ["sdks", "10000"],
        ["audit", "10100"],
    ];
    if (parts.Count(part => KernelProcess.Start(part) != 0) is > 0 and var failed)
        return failed;
}
switch (args)
{
    case ["in-kernel", "kernel", var repetitions]:
        return KernelCosts.Run(int.Parse(repetitions, CultureInfo.InvariantCulture));
    case ["kernel", ..]:
        return KernelProcess.Start(args);
    case ["in-kernel", "audit", var agents]:
        return ReductionAudit.Run(int.Parse(agents, CultureInfo.InvariantCulture));
    case ["in-kernel", "sdks", var repetitions]:
        return ReplayHarness.Benchmarks.Sdks.SdkCosts.Run(int.Parse(repetitions, CultureInfo.InvariantCulture));
    case ["sdks", ..]:
        return KernelProcess.Start(args);
    case ["audit", ..]:
        return KernelProcess.Start(args);
    case ["in-kernel", "planted", var seconds]:
        return PlantedCosts.Run(int.Parse(seconds, CultureInfo.InvariantCulture));
    case ["in-kernel", "watch", var schedules]:
        return ReplayHarness.Benchmarks.Racing.WatchCosts.Run(int.Parse(schedules, CultureInfo.InvariantCulture));
    case ["watch", ..]:
        return KernelProcess.Start(args);
    case ["races", var only]:
        return await ReplayHarness.Benchmarks.Racing.RacingCosts.RunAsync(only);
    case ["planted", ..]:
        return KernelProcess.Start(args);
    case ["in-kernel", "wire", var calls, ..]:
        return ReplayHarness.Benchmarks.Wire.WireCosts.RunInKernel(int.Parse(calls, CultureInfo.InvariantCulture));
    case ["wire", var calls, .. var jar]:
        return KernelProcess.Start(args)
            + await ReplayHarness.Benchmarks.Wire.WireCosts.RunAsync(int.Parse(calls, CultureInfo.InvariantCulture), jar.FirstOrDefault());
    case ["generate", var megabytes, var path, .. var small]:
        var day = new ReplayHarness.Benchmarks.Ingest.DayFile(seed: 1, smallSpans: small is ["small"]);
        day.Write(path, long.Parse(megabytes, CultureInfo.InvariantCulture) << 20);
        Console.WriteLine(day.LastTask);
        return 0;
    case ["fleet", var incidents, var teams, var repository, var folder]:
        new ReplayHarness.Benchmarks.Fleet.FleetGenerator(repository, folder).Write(
            int.Parse(incidents, CultureInfo.InvariantCulture),
            int.Parse(teams, CultureInfo.InvariantCulture)
        );
        return 0;
    case ["failures", var pieces, var folder]:
        new ReplayHarness.Benchmarks.Watching.FailureFolder(folder).Write(int.Parse(pieces, CultureInfo.InvariantCulture));
        return 0;
    case ["events", var file, var key]:
        return await ReplayHarness.Benchmarks.Watching.EventReceiver.RunAsync(file, key);
    case ["fleet-plot", var data, var svg]:
        ReplayHarness.Benchmarks.Fleet.CostPlot.Draw(data, svg);
        return 0;
    case ["triage", var path]:
        using (var reading = ReplayHarness.Traces.TraceReading.Open(path, ReplayHarness.Traces.TraceQuery.All, new() { UseIndex = false }))
            Console.WriteLine(reading.CountSpans());
        return 0;
    case ["ingest", var megabytes, .. var folder]:
        return ReplayHarness.Benchmarks.Ingest.IngestCosts.Run(
            long.Parse(megabytes, CultureInfo.InvariantCulture),
            folder is [var f] ? f : Path.Combine(Path.GetTempPath(), "replay-harness-ingest")
        );
    default:
        break;
}

// Prints ratios against baselines of the same run, never times: a time says more about the machine than about the code.
var replays = await Replaying.MeasureAsync();
Print("virtual seconds per second, captured@tool", replays.CapturedAtTool.VirtualRatio, "the clock on the wall");
Print("virtual seconds per second, healthy@http", replays.HealthyAtHttp.VirtualRatio, "the clock on the wall");
Print(
    "a replay, captured@tool",
    replays.CapturedAtTool.Cost / replays.Baseline,
    "the agent's run without harness, its spans on, its operations answering at once"
);
Print("a replay, healthy@http", replays.HealthyAtHttp.Cost / replays.Baseline, "the same");
var starts = await Starting.MeasureAsync();
Print(
    "process start to the verdict of one captured replay",
    starts.Verdict / starts.Nothing,
    "replay-harness --version, a process that does nothing"
);
Console.WriteLine(
    $"one captured replay from process start took {(starts.Verdict < TimeSpan.FromSeconds(1) ? "less" : "more")} than a second"
);
return 0;

static void Print(string what, double ratio, string baseline) =>
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: " + $"{ratio.ToString(ratio >= 100 ? "#,0" : "0.0", CultureInfo.InvariantCulture)} " + $"x {baseline}"
        )
    );
