namespace ReplayHarness.Running;

/// <summary>Whether races between two awaits of the agent are looked for.</summary>
public enum RaceMode
{
    /// <summary>After the orders of answers, where none of them fails.</summary>
    On,

    /// <summary>No: code between two awaits runs undisturbed.</summary>
    Off,

    /// <summary>Nothing else is explored.</summary>
    Only,
}
