using System.Globalization;
using ReplayHarness.Cli.Commands;
using ReplayHarness.Evidence;
using ReplayHarness.Judging;
using ReplayHarness.Reports.Page;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Ui;

/// <summary>The replays that were started from pages, and what they showed: of each agent of an incident the last.</summary>
/// <param name="incidents">The incidents.</param>
internal sealed class UiReplays(UiIncidents incidents) : IDisposable
{
    private const int MostKept = 100;

    private static readonly int s_atOnce = Environment.ProcessorCount;

    private readonly SemaphoreSlim _stepping = new(s_atOnce);

    private readonly Lock _gate = new();
    private readonly List<UiReplay> _replays = [];
    private readonly List<Shown> _shown = [];
    private int _started;

    // Of: what was replayed; where any of it is another, it shows nothing of that.
    private sealed record Shown(Replayed Of, ReplayedAgent Agent);

    private sealed record Replayed(string Incident, string Agent, string? Driver, string Fixture, string FixtureHash, string Build);

    /// <summary>Starts one.</summary>
    /// <exception cref="BadInputException">There is no such agent, or as many replays as there are processors run already.</exception>
    public UiReplay Start(UiFound incident, UiReplayRequest asked)
    {
        var agent = AgentOf(incident, asked.Agent);
        var options = OptionsOf(asked);
        // Before it counts as one that runs: what cannot be read ends here.
        var of = ReplayedOf(incident, agent);
        UiReplay replay;
        lock (_gate)
        {
            _replays.RemoveAll(r => r.HasEnded && _replays.Count > MostKept);
            if (_replays.Count(r => !r.HasEnded) >= s_atOnce)
                throw new BadInputException("as many replays run as this machine has processors; stop one, or wait for it");
            replay = new((++_started).ToString(CultureInfo.InvariantCulture), incident.Name);
            _replays.Add(replay);
        }
        _ = replay.RunAsync(
            (progress, token) => ReplayAsync(incident, agent, options, progress, token),
            report =>
            {
                if (ReplayedOf(incident, agent) != of)
                    throw new BadInputException("the agent or the fixture was changed while it was replayed; replay it again");
                Keep(of, report);
            }
        );
        return replay;
    }

    /// <summary>One that was started; null where there is none of that name.</summary>
    public UiReplay? Find(string id)
    {
        lock (_gate)
            return _replays.Find(r => r.Id == id);
    }

    /// <summary>The replay of an incident that goes on; null where none does.</summary>
    public UiReplay? RunningOf(string incident)
    {
        lock (_gate)
            return _replays.Find(r => r.Incident == incident && !r.HasEnded);
    }

    /// <summary>What the agents of an incident showed last, those whose build is still the same.</summary>
    public IReadOnlyList<ReplayedAgent> Of(UiFound incident)
    {
        lock (_gate)
            if (!_shown.Exists(s => s.Of.Incident == incident.Name))
                return [];
        Replayed[] now = [.. (incident.Expectations?.Agents ?? []).Select(a => ReplayedOf(incident, a))];
        lock (_gate)
            return [.. now.Select(of => _shown.Find(s => s.Of == of)?.Agent).OfType<ReplayedAgent>()];
    }

    /// <summary>Replays one schedule step by step.</summary>
    /// <exception cref="BadInputException">There is no such agent, or fixture or agent cannot be used.</exception>
    public async Task<(ExpectedAgent Agent, ReplayReport Report)> StepAsync(
        UiFound incident,
        string agent,
        string hypothesis,
        Schedules schedules,
        CancellationToken token
    )
    {
        var expected = AgentOf(incident, agent);
        var options = new ReplayOptions { Schedules = schedules, Hypotheses = [hypothesis] };
        await _stepping.WaitAsync(token);
        try
        {
            return (expected, await ReplayAsync(incident, expected, options, null, token));
        }
        finally
        {
            _stepping.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stepping.Dispose();

    private async Task<ReplayReport> ReplayAsync(
        UiFound incident,
        ExpectedAgent agent,
        ReplayOptions options,
        IProgress<ReplayProgress>? progress,
        CancellationToken token
    )
    {
        var fixture = Path.GetRelativePath(Directory.GetCurrentDirectory(), incident.Expectations!.FixturePath);
        Mending.BeforeReading(fixture);
        HostPool.Expect(2 * s_atOnce);
        return RunCommand.Worded(
            await Replayer.RunAsync(fixture, Agent.InAssembly(incidents.Assembly, agent.Driver), options, progress, token),
            null
        );
    }

    private static ExpectedAgent AgentOf(UiFound incident, string name)
    {
        if (incident.Expectations is not { } expectations)
            throw new BadInputException(incident.Problem ?? $"{incident.Name}: cannot be read");
        return expectations.Agents.FirstOrDefault(a => a.Agent == name)
            ?? throw new BadInputException(
                $"{incident.Name}: there is no agent {name}; there are {string.Join(", ", expectations.Agents.Select(a => a.Agent))}"
            );
    }

    private static ReplayOptions OptionsOf(UiReplayRequest asked) =>
        new()
        {
            Hypotheses = asked.Hypothesis is { Length: > 0 } one ? [one] : [],
            Schedules = asked.Schedules is { Length: > 0 } text ? SchedulesOf(text) : Schedules.All,
        };

    private static Schedules SchedulesOf(string text)
    {
        try
        {
            return Schedules.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new BadInputException(e.Message.Split(" (Parameter")[0], e);
        }
    }

    private void Keep(Replayed of, ReplayReport report)
    {
        lock (_gate)
        {
            _shown.RemoveAll(s => (s.Of.Incident, s.Of.Agent) == (of.Incident, of.Agent));
            _shown.Add(new(of, new(of.Agent, report)));
            if (_shown.Count > MostKept)
                _shown.RemoveAt(0);
        }
    }

    private Replayed ReplayedOf(UiFound incident, ExpectedAgent agent)
    {
        var fixture = incident.Expectations!.FixturePath;
        var build = ControlledFolder.PathOf(HostProcess.Resolve(incidents.Assembly));
        return new(incident.Name, agent.Agent, agent.Driver, fixture, EvidenceFile.HashOf(fixture), build);
    }
}
