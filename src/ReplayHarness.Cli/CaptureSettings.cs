using System.CommandLine;
using ReplayHarness.Cli.Commands;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Cli;

/// <summary>What a fixture is made of besides its traces, and what is redacted in it: options of every command that captures one.</summary>
internal sealed class CaptureSettings
{
    private readonly Option<string[]> _finding = new("--finding")
    {
        Description = "A rule to judge although it is an observation, such as handled-tool-error. May be given again.",
    };
    private readonly Option<string[]> _keep = Redactions.KeepOption();
    private readonly Option<string[]> _redact = Redactions.PatternOption();
    private readonly Option<string[]> _rules = Redactions.RulesOption();
    private readonly Option<string[]> _names = Redactions.NamesOption();

    /// <summary>The source of what goes well.</summary>
    public Option<string?> Healthy { get; } =
        new("--healthy") { Description = "A source that shows the calls that failed as they go when nothing is wrong." };

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Healthy, _finding, _keep, _redact, _rules, _names])
            command.Options.Add(option);
        command.Validators.Add(result => Redactions.Validate(result, _keep, _redact));
    }

    /// <summary>The options that were given.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="selected">How the traces were selected.</param>
    public CaptureOptions Of(ParseResult parsed, string selected) =>
        new()
        {
            Selected = selected,
            Healthy = parsed.GetValue(Healthy) is { } healthy ? Source.Load(healthy) : [],
            Findings = parsed.GetValue(_finding) ?? [],
            HowToPromote = rule => $"run {CaptureCommand.Again(parsed)} --finding {rule}",
            Redaction = Redactions.Options(parsed, _keep, _redact, _rules, _names),
        };
}
