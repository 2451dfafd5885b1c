using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>Captured errors as the exceptions that they were, or, where their type is not there, as those that mean the same.</summary>
internal static class ClrExceptions
{
    /// <summary>The exception of a captured error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="note">Told where only a relative of its type could be made.</param>
    public static Exception Create(RecordedError error, Action<string> note)
    {
        foreach (var name in ErrorTypes.Candidates(error))
        {
            if (ExceptionTypes.Find(name) is not { } type)
                continue;
            if (ExceptionShapes.Make(type, error) is not { } exception)
            {
                // What catches it asks for its type before anything else.
                if (name != error.Type || ExceptionShapes.Bare(type, error.Message) is not { } bare)
                    continue;
                note($"{error.Type} is thrown with its message only: no public constructor of it takes that");
                return bare;
            }
            if (IsMeant(name, error))
                return exception;
            var unknown = ErrorTypes.IsOfDotNet(error.Type);
            note($"{error.Type} is thrown as {(unknown ? nameof(CapturedException) : name)}: its type is not there");
            return unknown ? new CapturedException(error.Message) : exception;
        }
        throw new InvalidOperationException($"{ErrorTypes.OfClass(error.Class)} cannot be made");
    }

    // Itself, what somebody wrote into the fixture, or what the table calls equal; not just any of its class.
    private static bool IsMeant(string name, RecordedError error) =>
        name == error.Type
        || name == ErrorTypes.Equal(error.Type, error.Class)
        || (name == error.Exception && name != ErrorTypes.OfClass(error.Class));
}
