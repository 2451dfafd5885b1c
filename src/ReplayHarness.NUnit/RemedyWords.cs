using ReplayHarness.Fixtures;

namespace ReplayHarness.NUnit;

/// <summary>What to do, in the words of a test: properties of the attributes.</summary>
internal static class RemedyWords
{
    public static string Of(Remedy remedy) =>
        remedy switch
        {
            Remedy.SampleSchedules => "draw random schedules: [ReplayCases(Schedules = \"1000\")]",
            Remedy.ExploreAllSchedules => "explore all schedules: [ReplayCases(Schedules = \"all\")]",
            Remedy.AcceptDrift => "take what is nearest: [ReplayCases(AcceptDrift = true)]",
            Remedy.GoOnAfterMismatch => "go on with an error in its place: [ReplayCases(OnMismatch = MismatchPolicy.ErrorResult)]",
            Remedy.CaptureHealthyCalls => "capture the incident again with traces in which those calls went well",
            Remedy.AuthorResponses => "author the backend's responses in the fixture's folder http/",
            Remedy.ReplayInProcess => "replay the agent in the replay's process: [ReplayCases]",
            Remedy.RaiseDeadline => "give a schedule more time: [DriveCases(DeadlineSeconds = 120)]",
            Remedy.ShortenSettling => "choose the next answer sooner: [DriveCases(SettleMilliseconds = 20)]",
            Remedy.ScaleAgentsClock => "scale the agent's clock too: [DriveCases(TimeScale = 2, FakeTime = \"/path/of/libfaketime.so.1\")]",
            Remedy.DeclareShortening =>
                "where results are cut on purpose, declare it in fixture.json: \"told\": { \"TOOL\": \"shortened\" }",
            Remedy.DeclareRewording =>
                "tell the model what the call gave, and of an error that it is one; where it is told in other words on purpose, declare "
                    + "it in fixture.json: \"told\": { \"TOOL\": \"reworded\" }",
            _ => remedy.ToString(),
        };
}
