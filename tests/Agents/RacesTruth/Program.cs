using System.Reflection;
using System.Text.RegularExpressions;
using Pitfalls;
using Races;
using RacesTruth;

// Runs each agent of Races on real threads, with a model and tools that answer within microseconds of each other, and counts in how many
// runs its bug shows: RacesTruth [RUNS [REGEX [SECONDS]]]. An agent that hangs, or takes long to fail, is given up after so many seconds.
// Each agent has processes of its own, for some races leave the memory of a process corrupt, or end it. All agents take turns, for whether
// two threads really run at once depends on what else the machine does in that moment.
var agents = (
    from type in typeof(TokenTotal).Assembly.GetExportedTypes()
    from property in type.GetProperties(BindingFlags.Public | BindingFlags.Static)
    where property.PropertyType == typeof(Dispatch)
    select (Name: $"{type.Name} {property.Name}", Property: property)
).ToDictionary(a => a.Name, a => a.Property);
if (args is [Share.Command, var agent, var from, var to, var limit])
{
    await Share.RunAsync((Dispatch)agents[agent].GetValue(null)!, int.Parse(from), int.Parse(to), TimeSpan.FromSeconds(int.Parse(limit)));
    return 0;
}
var runs = args.Length > 0 ? int.Parse(args[0]) : 1_000;
var only = args.Length > 1 ? args[1] : ".";
var seconds = args.Length > 2 ? int.Parse(args[2]) : 20;
const int Rounds = 4;
Count[] counts = [.. agents.Keys.Where(n => Regex.IsMatch(n, only)).Order(StringComparer.Ordinal).Select(n => new Count(n))];
for (var round = 0; round < Rounds; round++)
{
    foreach (var count in counts)
        await count.AddAsync(runs * round / Rounds, runs * (round + 1) / Rounds, seconds / Rounds);
}
foreach (var count in counts)
    Console.WriteLine(count);
var wrong = counts.Count(c => c.Shown > 0 && !c.Name.EndsWith("Broken", StringComparison.Ordinal));
Console.WriteLine(wrong == 0 ? "No healthy agent failed." : $"{wrong} healthy agents failed.");
return wrong == 0 ? 0 : 1;
