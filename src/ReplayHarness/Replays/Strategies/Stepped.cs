using System.Globalization;

namespace ReplayHarness.Replays.Strategies;

/// <summary>One schedule: the captured order, except at the steps for which something else is chosen.</summary>
/// <param name="choices">What is chosen, each for another step.</param>
internal sealed class Stepped(IReadOnlyList<StepChoice> choices) : IStrategy
{
    private readonly Dictionary<int, int> _chosen = choices.ToDictionary(c => c.Step, c => c.Number);
    private readonly CapturedOrder _captured = new();
    private int _step;

    public bool SeesForcedSteps => true;

    /// <summary>The choice that could not be made, in words; null while each could.</summary>
    public string? Difference { get; private set; }

    public void Begin() => (_step, Difference) = (0, null);

    public int Choose(Decision decision)
    {
        if (!_chosen.TryGetValue(++_step, out var number))
            return _captured.Choose(decision);
        if (number <= decision.Enabled.Count)
            return number - 1;
        var may = string.Join(", ", decision.Enabled.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1} {c.Label}")));
        Difference = string.Create(CultureInfo.InvariantCulture, $"step {_step}: {number} is chosen; expected one of {may}");
        return Decision.Leave;
    }

    public bool Next(string? outcome)
    {
        if (Difference is null && _chosen.Keys.Where(s => s > _step).Order().FirstOrDefault() is > 0 and var late)
            Difference = string.Create(
                CultureInfo.InvariantCulture,
                $"step {late}: {_chosen[late]} is chosen; expected a step up to {_step}, which is the last"
            );
        return false;
    }
}
