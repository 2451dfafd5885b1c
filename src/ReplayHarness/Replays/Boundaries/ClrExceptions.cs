using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>Captured errors as the exceptions that they were, or, where their type is not there, as those that mean the same.</summary>
internal static class ClrExceptions
{
    /// <summary>The exception of a captured error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="note">Told where it is less than what was thrown.</param>
    /// <param name="rebuilt">Told what was made, of it and of those within; null where nobody asks what is known of them.</param>
    public static Exception Create(RecordedError error, Action<string> note, Action<RebuiltException>? rebuilt = null)
    {
        var inner = error.Inner?.Select(i => Create(i, note, rebuilt)).ToArray();
        var made = Make(error, inner, note);
        foreach (var name in made.Unset)
            note($"{made.Exception.GetType().FullName} has no member {name} that could hold what the fixture says of it");
        rebuilt?.Invoke(made);
        return made.Exception;
    }

    private static RebuiltException Make(RecordedError error, IReadOnlyList<Exception>? inner, Action<string> note)
    {
        foreach (var name in ErrorTypes.Candidates(error))
        {
            // What one type was told is not what another is.
            var facts = new ErrorFacts(error, inner);
            if (ExceptionTypes.Find(name) is not { } type)
                continue;
            if (ExceptionShapes.Make(type, facts) is not { } made)
            {
                // What catches it asks for its type before anything else.
                if (name != error.Type || ExceptionShapes.Bare(type, facts) is not { } bare)
                    continue;
                note($"{error.Type} is thrown with its message only: no public constructor of it takes that");
                return bare;
            }
            if (IsMeant(name, error))
            {
                if (!made.SaysWhatWasCaptured)
                    note($"{error.Type} is thrown with another message than the captured one: {made.Exception.Message}");
                return made;
            }
            var unknown = ErrorTypes.IsOfDotNet(error.Type);
            note($"{error.Type} is thrown as {(unknown ? nameof(CapturedException) : name)}: its type is not there");
            return unknown ? new(new CapturedException(error.Message, facts.InnerOr(() => null)), facts, null) : made;
        }
        throw new InvalidOperationException($"{ErrorTypes.OfClass(error.Class)} cannot be made");
    }

    // Itself, what somebody wrote into the fixture, or what the table calls equal; not just any of its class.
    private static bool IsMeant(string name, RecordedError error) =>
        name == error.Type
        || name == ErrorTypes.Equal(error.Type, error.Class)
        || (name == error.Exception && name != ErrorTypes.OfClass(error.Class));
}
