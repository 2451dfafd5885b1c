using System.ComponentModel;
using System.Text;
using Microsoft.Extensions.AI;

namespace TeamAgents;

/// <summary>
/// A garden's notes of what was asked for, which each request goes through before it adds its own. One that <paramref name="copies"/> goes
/// through those that stood there when it came.
/// </summary>
public sealed class PlantRegister(HttpClient http, bool copies)
{
    private readonly List<string> _asked = ["moss"];

    public async Task<string> FindAsync(string plant, CancellationToken cancellationToken)
    {
        var page = "";
        foreach (var before in copies ? Copy() : (IEnumerable<string>)_asked)
            if (page.Length == 0 && before != plant)
                page = await http.GetStringAsync(new Uri($"plants/{plant}", UriKind.Relative), cancellationToken);
        lock (_asked)
            _asked.Add(plant);
        return page;
    }

    private string[] Copy()
    {
        lock (_asked)
            return [.. _asked];
    }
}

/// <summary>An agent on Microsoft.Extensions.AI; whose model it is does not matter to it.</summary>
public sealed class GardenDesk(IChatClient model, PlantRegister register, bool fatal)
{
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken) =>
        (await Model().GetResponseAsync(question, Options(), cancellationToken)).Text;

    public async Task<string> StreamAsync(string question, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await foreach (var update in Model().GetStreamingResponseAsync(question, Options(), cancellationToken))
            text.Append(update.Text);
        return text.ToString();
    }

    private IChatClient Model() => Pipeline.Around(model, "Garden", fatal);

    private ChatOptions Options() => new() { Tools = [AIFunctionFactory.Create(FindPlantAsync, "find_plant")] };

    [Description("In which bed a plant stands.")]
    private Task<string> FindPlantAsync([Description("Its name")] string plant, CancellationToken cancellationToken) =>
        register.FindAsync(plant, cancellationToken);
}
