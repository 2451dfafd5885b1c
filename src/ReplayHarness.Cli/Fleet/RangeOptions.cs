using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ReplayHarness.Running.Ranges;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>Which range of one job's schedules runs, and where it is kept.</summary>
internal sealed class RangeOptions
{
    private const int Most = 10_000;

    private readonly Option<string?> _range = new("--range")
    {
        Description =
            "I/N: runs only the I-th of N ranges of the schedules, and keeps in --results what they show; auto: as replays --shard. merge "
            + "judges all.",
    };

    private readonly Option<string?> _results = new("--results")
    {
        Description =
            "DIR: with --range: keeps a file there for the range; what is there already and would come out again is not run again.",
    };

    private readonly Option<bool> _fresh = new("--fresh") { Description = "With --range: runs it, whatever --results holds." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_range, _results, _fresh])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (IsGiven(result) && result.GetValue(_results) is null)
                result.AddError("--range: keeps what it shows in --results DIR, which is missing");
            if (result.GetValue(_results) is "")
                result.AddError("--results: is empty; expected a folder");
            if (!IsGiven(result) && result.GetValue(_results) is not null)
                result.AddError("--results: keeps what a range shows; expected --range I/N, too");
            if (!IsGiven(result) && result.GetValue(_fresh))
                result.AddError("--fresh: says whether a range is run again; expected --range I/N, too");
        });
    }

    /// <summary>Whether a range is asked for.</summary>
    public bool IsGiven(CommandResult result) => result.GetValue(_range) is not null;

    /// <summary>The range; null for all schedules.</summary>
    public ScheduleRange? Of(ParseResult parsed) =>
        parsed.GetValue(_range) is not { } text || Shard.Parse(text, "--range") is not var (index, count) ? null
        : count <= Most ? new(index, count)
        : throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"--range {text}: expected at most {Most} ranges"));

    /// <summary>Where it is kept.</summary>
    public RangeFolder FolderOf(ParseResult parsed) => new(parsed.GetValue(_results)!);

    /// <summary>Whether it is run although it is there.</summary>
    public bool IsFresh(ParseResult parsed) => parsed.GetValue(_fresh);
}
