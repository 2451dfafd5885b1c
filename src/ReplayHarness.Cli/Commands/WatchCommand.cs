using System.CommandLine;
using System.CommandLine.Parsing;
using ReplayHarness.Cli.Watching;

namespace ReplayHarness.Cli.Commands;

/// <summary>Follows a source: each new failure shape becomes a fixture.</summary>
internal static class WatchCommand
{
    private const int DefaultEvery = 60,
        DefaultSettle = 30,
        DefaultMost = 1000,
        MostSeconds = 86_400;

    private const string DefaultKey = "REPLAYHARNESS_WEBHOOK_KEY";

    private static readonly Option<string> s_out = new("--out")
    {
        Description = "The folder of fixtures and notes, one folder below it for each shape.",
        Required = true,
    };
    private static readonly Option<string?> s_state = new("--state")
    {
        Description = "The file that holds what is known. [default: watch.json in --out]",
    };
    private static readonly Option<bool> s_once = new("--once") { Description = "One pass, and then the end: for a cron job." };
    private static readonly Option<int?> s_every = new("--every") { Description = "Seconds between two passes. [default: 60]" };
    private static readonly Option<int?> s_settle = new("--settle")
    {
        Description = "Seconds that a trace must have been quiet before it counts as whole. [default: 30]",
    };
    private static readonly Option<int?> s_most = new("--most") { Description = "How many shapes get a fixture. [default: 1000]" };
    private static readonly Option<string?> s_agent = new("--agent")
    {
        Description = "The folder of a test project: fixtures and tests are written there, as new does it.",
    };
    private static readonly Option<string?> s_driver = new("--driver") { Description = "The full name of a driver that the project has." };
    private static readonly Option<string?> s_project = new("--project")
    {
        Description = "The agent's project, a file or its folder: the driver is written for what it refers to.",
    };
    private static readonly Option<string?> s_start = new("--start")
    {
        Description = "The agent's class, and its method where it has several: TYPE or TYPE.METHOD.",
    };
    private static readonly Option<string?> s_webhook = new("--webhook")
    {
        Description = "An address that is sent one JSON for a new shape, and for a known one in a later release.",
    };
    private static readonly Option<string?> s_key = new("--webhook-key")
    {
        Description = $"The environment variable that holds the key which signs them. [default: {DefaultKey}]",
    };
    private static readonly Option<string[]> s_keep = Redactions.KeepOption();
    private static readonly Option<string[]> s_redact = Redactions.PatternOption();
    private static readonly Option<string[]> s_rules = Redactions.RulesOption();
    private static readonly Option<string[]> s_names = Redactions.NamesOption();

    public static Command Create()
    {
        var source = new Source();
        var command = new Command(
            "watch",
            "Follows a folder, files, a store, or what it receives (listen:PORT): a fixture and a note for each new failure shape."
        )
        {
            s_out,
            s_state,
            s_once,
            s_every,
            s_settle,
            s_most,
            s_agent,
            s_driver,
            s_project,
            s_start,
            s_webhook,
            s_key,
            s_keep,
            s_redact,
            s_rules,
            s_names,
        };
        source.AddTo(command);
        command.Validators.Add(Validate);
        command.Validators.Add(result =>
        {
            if (result.GetValue(s_once) && Receiving.Is(source.Argument(result)))
                result.AddError("--once: who receives waits for what comes: leave it out, or watch the folder that listen writes to");
        });
        command.SetAction((parsed, token) => RunAsync(source, parsed, token));
        return command;
    }

    private static void Validate(CommandResult result)
    {
        Redactions.Validate(result, s_keep, s_redact);
        if (result.GetValue(s_every) is < 1 or > MostSeconds)
            result.AddError($"--every {result.GetValue(s_every)}: expected 1 to {MostSeconds} seconds");
        if (result.GetValue(s_settle) is < 0 or > MostSeconds)
            result.AddError($"--settle {result.GetValue(s_settle)}: expected 0 to {MostSeconds} seconds");
        if (result.GetValue(s_most) < 0)
            result.AddError($"--most {result.GetValue(s_most)}: expected 0 or more shapes");
        if (result.GetValue(s_once) && result.GetValue(s_every) is not null)
            result.AddError("--every says when the next pass is, and --once makes one only: leave one of them out");
        if (result.GetValue(s_agent) is null)
            foreach (var option in (Option<string?>[])[s_driver, s_project, s_start])
                if (result.GetValue(option) is not null)
                    result.AddError($"{option.Name} is about the tests that --agent DIR writes: add it");
    }

    private static async Task<int> RunAsync(Source source, ParseResult parsed, CancellationToken token)
    {
        var output = parsed.GetRequiredValue(s_out);
        var options = new WatchOptions
        {
            Source = source.Text(parsed),
            Out = output,
            State = parsed.GetValue(s_state) ?? Path.Combine(output, "watch.json"),
            Agent = parsed.GetValue(s_agent),
            Driver = parsed.GetValue(s_driver),
            Project = parsed.GetValue(s_project),
            Start = parsed.GetValue(s_start),
            Redaction = Redactions.Options(parsed, s_keep, s_redact, s_rules, s_names),
            Settle = TimeSpan.FromSeconds(parsed.GetValue(s_settle) ?? DefaultSettle),
            Most = parsed.GetValue(s_most) ?? DefaultMost,
            Every = parsed.GetValue(s_once) ? null : TimeSpan.FromSeconds(parsed.GetValue(s_every) ?? DefaultEvery),
            Json = parsed.GetValue(source.Json),
        };
        using var webhook = parsed.GetValue(s_webhook) is { } url ? Webhook.Of(url, parsed.GetValue(s_key) ?? DefaultKey) : null;
        var isReceiving = Receiving.Is(options.Source);
        await using var receiver = isReceiving ? await Receiving.StartAsync(options.Source, output, token).ConfigureAwait(false) : null;
        var watched = source.Watched(parsed, options.Own, isReceiving ? Receiving.FolderOf(output) : null);
        await new Watcher(options, watched, webhook).RunAsync(token).ConfigureAwait(false);
        return (int)ExitCode.Ok;
    }
}
