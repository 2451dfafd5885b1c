namespace ReplayHarness.Cli;

/// <summary>What the process's exit code means.</summary>
internal enum ExitCode
{
    /// <summary>As expected.</summary>
    Ok = 0,

    /// <summary>The failure is (still) there, or a verdict is not the expected one.</summary>
    Failure = 1,

    /// <summary>The command line cannot be understood.</summary>
    Usage = 2,

    /// <summary>Bad input; the message names the place.</summary>
    BadInput = 3,

    /// <summary>The agent asked for what the fixture contradicts.</summary>
    Diverged = 4,

    /// <summary>Nothing is shown either way.</summary>
    NotEstablished = 5,
}
