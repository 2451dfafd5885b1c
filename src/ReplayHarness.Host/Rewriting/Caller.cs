namespace ReplayHarness.Host.Rewriting;

/// <summary>Whose code makes a call. What is redirected for one is redirected for those behind it, too.</summary>
internal enum Caller
{
    /// <summary>That of a shared framework, which comes with the runtime.</summary>
    Framework,

    /// <summary>That of a package whose static fields stay: its threads outlive a schedule.</summary>
    Library,

    /// <summary>That of a package whose static fields end with a schedule, and so must its threads.</summary>
    Package,

    /// <summary>That of the agent's team.</summary>
    Agent,
}
