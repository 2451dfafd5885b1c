using System.Reflection;
using System.Text.RegularExpressions;
using Pitfalls;
using Races;
using RacesTruth;

// Runs each agent of Races on real threads, with a model and tools that answer within microseconds of each other, and counts in how many
// runs its bug shows: RacesTruth [RUNS [REGEX [SECONDS]]]. An agent that hangs, or takes long to fail, is given up after so many seconds.
// All agents take turns, for whether two threads really run at once depends on what else the machine does in that moment.
var runs = args.Length > 0 ? int.Parse(args[0]) : 1_000;
var only = args.Length > 1 ? args[1] : ".";
var most = TimeSpan.FromSeconds(args.Length > 2 ? int.Parse(args[2]) : 15);
const int Rounds = 20;
ThreadPool.SetMinThreads(16, 16);
Count[] counts =
[
    .. from type in typeof(TokenTotal).Assembly.GetExportedTypes()
    from property in type.GetProperties(BindingFlags.Public | BindingFlags.Static)
    where property.PropertyType == typeof(Dispatch)
    let name = $"{type.Name} {property.Name}"
    where Regex.IsMatch(name, only)
    orderby name
    select new Count(name, (Dispatch)property.GetValue(null)!, most),
];
for (var round = 1; round <= Rounds; round++)
{
    foreach (var count in counts)
        await count.RunAsync(runs * round / Rounds);
}
foreach (var count in counts)
    Console.WriteLine(count);
var wrong = counts.Count(c => c.Shown > 0 && !c.Name.EndsWith("Broken", StringComparison.Ordinal));
Console.WriteLine(wrong == 0 ? "No healthy agent failed." : $"{wrong} healthy agents failed.");
return wrong == 0 ? 0 : 1;
