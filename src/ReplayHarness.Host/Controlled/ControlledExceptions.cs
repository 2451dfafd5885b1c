using System.Reflection;
using ReplayHarness.Host.Rewriting;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Members of exceptions that agent code reads. An exception that stands for a captured one has some that no trace tells: a filter that
/// reads one decides on a value that production never had.
/// </summary>
public static class ControlledExceptions
{
    /// <summary>A field is about to be read.</summary>
    /// <param name="owner">The object whose field it is.</param>
    /// <param name="field">Its name.</param>
    public static void ReadField(object? owner, string field)
    {
        if (owner is Exception thrown && Kernel.Current is { } kernel && kernel.Rebuilt.TryGetValue(thrown, out var made))
            Note(kernel, made.IsFieldUnknown(field), thrown, RebuiltException.Plain(field));
    }

    /// <summary>A property or method of an exception that is not the agent's own is about to be called.</summary>
    /// <param name="owner">The object whose member it is.</param>
    /// <param name="member">Its name.</param>
    public static void ReadMember(object? owner, string member)
    {
        if (owner is not Exception thrown || Kernel.Current is not { } kernel || !kernel.Rebuilt.TryGetValue(thrown, out var made))
            return;
        // What code of the agent's own reads for it is seen there.
        if (!IsOfAgent(thrown.GetType(), member))
            Note(kernel, made.IsMemberUnknown(member), thrown, member);
    }

    /// <summary>Instead of <see cref="AggregateException.Handle"/>.</summary>
    [Replaces(typeof(AggregateException), nameof(AggregateException.Handle), Instance = true, From = Caller.Agent)]
    public static void Handle(AggregateException thrown, Func<Exception, bool> predicate)
    {
        ReadMember(thrown, nameof(AggregateException.InnerExceptions));
        thrown.Handle(predicate);
    }

    private static bool IsOfAgent(Type type, string member)
    {
        for (var at = type; at is not null; at = at.BaseType)
            if (at.GetMember(member, BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Length > 0)
                return at.Assembly.IsDefined(typeof(OfAgentAttribute));
        return false;
    }

    private static void Note(Kernel kernel, bool isUnknown, Exception thrown, string member)
    {
        if (isUnknown)
            kernel.NoteUncontrolled(
                $"{thrown.GetType().Name}.{member} was read, and nothing that was captured tells it; write it into members of the error in "
                    + "fixture.json"
            );
    }
}
