using ReplayHarness.Fixtures;

namespace ReplayHarness.Cli;

/// <summary>What to do, in the words of the command line: its options.</summary>
internal static class RemedyWords
{
    public static string Of(Remedy remedy) =>
        remedy switch
        {
            Remedy.SampleSchedules => "sample instead with --schedules N",
            Remedy.ExploreAllSchedules => "explore --schedules all",
            Remedy.AcceptDrift => "or take what is nearest with --accept-drift",
            Remedy.GoOnAfterMismatch => "or go on with --on-mismatch error-result",
            Remedy.CaptureHealthyCalls => "capture with --healthy SOURCE",
            Remedy.AuthorResponses => "author the backend's responses in the fixture's folder http/",
            Remedy.ReplayInProcess => "use run, or author responses for the agent's own tools",
            Remedy.RaiseDeadline => "raise --deadline",
            Remedy.ShortenSettling => "shorten --settle, or slow its clock (--faketime with a --time-scale above 1)",
            Remedy.ScaleAgentsClock => "scale the agent's clock too with --faketime",
            Remedy.DeclareShortening =>
                "where results are cut on purpose, declare it in fixture.json: \"told\": { \"TOOL\": \"shortened\" }",
            Remedy.DeclareRewording =>
                "tell the model what the call gave, and of an error that it is one; where it is told in other words on purpose, declare "
                    + "it in fixture.json: \"told\": { \"TOOL\": \"reworded\" }",
            _ => remedy.ToString(),
        };
}
