namespace ReplayHarness.Fixtures;

/// <summary>What a user can do where a replay shows nothing, or not what it could. Each front end words it for its own users.</summary>
public enum Remedy
{
    /// <summary>Draw a number of random schedules: there are too many to run all.</summary>
    SampleSchedules,

    /// <summary>Explore all schedules: a sample missed what matters.</summary>
    ExploreAllSchedules,

    /// <summary>Let a call take what the nearest captured call did.</summary>
    AcceptDrift,

    /// <summary>Let a call that nothing matches end with an error, and go on.</summary>
    GoOnAfterMismatch,

    /// <summary>Capture with traces in which the calls that failed went well.</summary>
    CaptureHealthyCalls,

    /// <summary>Author the backend's responses in the fixture's folder <c>http/</c>.</summary>
    AuthorResponses,

    /// <summary>Replay the agent in the replay's own process.</summary>
    ReplayInProcess,

    /// <summary>Let one schedule take longer.</summary>
    RaiseDeadline,

    /// <summary>Choose the next answer sooner, or slow the agent's clock down.</summary>
    ShortenSettling,

    /// <summary>Scale the agent's own clock as the mocks are scaled.</summary>
    ScaleAgentsClock,

    /// <summary>Declare in the fixture that a tool's results are told in part on purpose.</summary>
    DeclareShortening,

    /// <summary>Tell the model what a call gave, and of an error that it is one; or declare that it is told in other words.</summary>
    DeclareRewording,
}
