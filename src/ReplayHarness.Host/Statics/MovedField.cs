using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Rewritten = ReplayHarness.Host.Rewriting.Holder;

namespace ReplayHarness.Host.Statics;

/// <summary>Where a static field of a rewritten assembly is now.</summary>
/// <param name="Field">The field of the holder.</param>
/// <param name="Getter">Gives the holder of this schedule.</param>
internal sealed record MovedField(FieldInfo Field, MethodInfo Getter)
{
    private static readonly ConcurrentDictionary<FieldInfo, MovedField?> s_known = new();
    private static readonly ConcurrentDictionary<Type, MethodInfo?> s_initialisers = new();

    /// <summary>Where a field is now; null where it never moved.</summary>
    public static MovedField? Of(FieldInfo field) =>
        field is { IsStatic: true, IsLiteral: false, DeclaringType: not null } ? s_known.GetOrAdd(field, Find) : null;

    /// <summary>The holder of this schedule.</summary>
    /// <exception cref="TargetInvocationException">The type cannot be initialised; reflection says it in this way too.</exception>
    public object Holder() => Getter.Invoke(null, null)!;

    /// <summary>Initialises a type of a rewritten assembly.</summary>
    /// <exception cref="TypeInitializationException">The type cannot be initialised.</exception>
    public static void Initialise(Type type)
    {
        var getter = s_initialisers.GetOrAdd(
            type,
            static t => HoldersOf(t, Rewritten.Shared).FirstOrDefault()?.GetMethod(Rewritten.Getter)
        );
        try
        {
            getter?.Invoke(null, null);
        }
        catch (TargetInvocationException e) when (e.InnerException is TypeInitializationException inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }
    }

    private static MovedField? Find(FieldInfo field) =>
        (
            from holder in HoldersOf(field.DeclaringType!, Rewritten.Shared, Rewritten.OfThread)
            from moved in holder.GetFields()
            where !moved.IsStatic && moved.Name == field.Name
            select new MovedField(moved, holder.GetMethod(Rewritten.Getter)!)
        ).FirstOrDefault();

    private static IEnumerable<Type> HoldersOf(Type type, params string[] names) =>
        from holder in type.GetNestedTypes()
        where names.Contains(holder.Name.Split('`')[0], StringComparer.Ordinal)
        select type.IsConstructedGenericType ? holder.MakeGenericType(type.GetGenericArguments()) : holder;
}
