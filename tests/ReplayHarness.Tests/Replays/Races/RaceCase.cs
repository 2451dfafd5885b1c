namespace ReplayHarness.Tests.Replays;

/// <summary>What kind of race a detector is to find.</summary>
internal enum RaceKind
{
    /// <summary>Nothing that two accesses tell: there is no bug, or each access is in order and what is done between them is not.</summary>
    None,

    /// <summary>Two accesses to one field, variable or element, of which one writes, in no order.</summary>
    DataRace,

    /// <summary>Two uses of an object that is not safe for two, in no order.</summary>
    UnsafeSharing,

    /// <summary>Locks that are taken in a ring.</summary>
    LockOrder,

    /// <summary>A factory with an effect that may run twice.</summary>
    FactoryTwice,

    /// <summary>An object, or a flag that announces it, is seen before it is whole.</summary>
    Publication,
}

/// <summary>Where the racing pieces of code come from.</summary>
internal enum RaceMeets
{
    /// <summary>Each goes on after another answer: they meet where both answers come at about the same time.</summary>
    AfterAnswers,

    /// <summary>They are work items or threads that are ready at once.</summary>
    AtOnce,
}

/// <summary>A bug in synchronous code; its drivers are Race…Broken and Race…Fixed.</summary>
/// <param name="Name">The agent's class.</param>
/// <param name="Shared">What is shared.</param>
/// <param name="GoesWrong">What happens then.</param>
/// <param name="Source">The title of the public text that it is modelled on.</param>
internal sealed record RaceCase(string Name, RaceKind Kind, RaceMeets Meets, string Shared, string GoesWrong, string Source)
{
    /// <summary>Another kind that is right too.</summary>
    public RaceKind? Or { get; init; }
}

/// <summary>An agent that looks suspicious and is right; its driver is Calm….</summary>
internal sealed record CalmCase(string Name, string Shared);
