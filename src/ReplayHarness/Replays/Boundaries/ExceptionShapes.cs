using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// Makes exceptions with their messages, and with what is known of the rest: a status code, a socket's error, a parameter's name, the
/// exception within. By public constructors only, where there is one for it.
/// </summary>
internal static class ExceptionShapes
{
    private static readonly ConstructorInfo s_withInner = typeof(Exception).GetConstructor([typeof(string), typeof(Exception)])!;

    /// <summary>An exception of a type; null where no public constructor makes one.</summary>
    public static RebuiltException? Make(Type type, ErrorFacts facts)
    {
        if (Guarded(() => FrameworkExceptions.Make(type, facts)) is { } known)
            return Finished(new(known, facts, null));
        return ByConvention(type, facts) is { } made ? Finished(made) : null;
    }

    /// <summary>
    /// An exception of a type with its message and nothing else, made without a constructor of its own; null where that cannot be thrown.
    /// </summary>
    public static RebuiltException? Bare(Type type, ErrorFacts facts)
    {
        try
        {
            var made = (Exception)RuntimeHelpers.GetUninitializedObject(type);
            s_withInner.Invoke(made, [facts.Message, facts.InnerOr(() => null)]);
            // Code of its own that needs more than that says so.
            _ = made.ToString();
            return Finished(new(made, facts, null) { IsBare = true });
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static Exception? Guarded(Func<Exception?> make)
    {
        try
        {
            return make();
        }
        catch (Exception e)
            when (e
                    is TargetInvocationException
                        or MemberAccessException
                        or ArgumentException
                        or NotSupportedException
                        or TypeInitializationException
            )
        {
            return null;
        }
    }

    // Of several the one that takes most of what is known; then the shortest. One that says something else is not what was thrown.
    private static RebuiltException? ByConvention(Type type, ErrorFacts facts)
    {
        RebuiltException? other = null;
        foreach (
            var way in type.GetConstructors()
                .Select(c => Arguments(c, facts))
                .OfType<Way>()
                .OrderByDescending(w => w.Message is null ? 0 : 1)
                .ThenByDescending(w => w.Known.Count)
                .ThenBy(w => w.Arguments.Length)
        )
        {
            if (Guarded(() => (Exception)way.Constructor.Invoke(way.Arguments)) is not { } exception)
                continue;
            var made = new RebuiltException(exception, facts, way.Message, way.Told, way.Known);
            if (made.SaysWhatWasCaptured)
                return made;
            other ??= way.Message is null && way.Says ? made : null;
        }
        return other;
    }

    private static RebuiltException Finished(RebuiltException made)
    {
        var exception = made.Exception;
        if (made.Facts.Status is var (status, isTold))
            foreach (var name in (string[])["Status", "StatusCode"])
                if (SetStatus(exception, name, status) && isTold)
                    made.Facts.Told.Add(name);
        foreach (var (name, value) in made.Facts.Error.Members ?? new Dictionary<string, JsonElement>())
            if (SetMember(exception, name, value))
                made.Facts.Told.Add(name);
            else
                made.Unset.Add(name);
        return made;
    }

    // A status that only its type's own code may set is still one that a catch clause reads.
    private static bool SetStatus(Exception exception, string name, HttpStatusCode status)
    {
        if (exception.GetType().GetProperty(name) is not { SetMethod: { } set, GetMethod: not null } property)
            return false;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type != typeof(int) && type != typeof(HttpStatusCode))
            return false;
        set.Invoke(exception, [type == typeof(int) ? (int)status : status]);
        return true;
    }

    private static bool SetMember(Exception exception, string name, JsonElement value)
    {
        var property = Array.Find(
            exception.GetType().GetProperties(),
            p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)
        );
        if (property is { SetMethod: { } set } && ErrorFacts.Converted(value, property.PropertyType) is var (converted, _))
        {
            set.Invoke(exception, [converted]);
            return true;
        }
        foreach (var field in RebuiltException.FieldsOf(exception.GetType()))
        {
            if (
                !string.Equals(RebuiltException.Plain(field.Name), name, StringComparison.OrdinalIgnoreCase)
                || ErrorFacts.Converted(value, field.FieldType) is not var (written, _)
            )
                continue;
            field.SetValue(exception, written);
            return true;
        }
        return false;
    }

    // Null where the constructor wants something that nobody recorded.
    private static Way? Arguments(ConstructorInfo constructor, ErrorFacts facts)
    {
        var parameters = constructor.GetParameters();
        var way = new Way(constructor, new object?[parameters.Length]);
        var message = MessageOf(parameters, facts);
        for (var i = 0; i < parameters.Length; i++)
        {
            var (name, type) = (parameters[i].Name ?? "", parameters[i].ParameterType);
            if (parameters[i] == message && !way.IsSaid)
                (way.Arguments[i], way.Message) = (facts.Message, name);
            else if (facts.Of(name, type) is var (value, isTold))
                way.Take(i, value, isTold ? name : null);
            else if (!way.IsSaid && GrpcStatus.Of(type, facts.Message) is { } grpc)
            {
                way.Take(i, grpc, name, says: true);
                facts.Tell(facts, "StatusCode");
            }
            else if (Within(type, facts) is { } within)
                way.Take(i, within, nameof(Exception.InnerException));
            else if (parameters[i].HasDefaultValue)
                way.Arguments[i] = parameters[i].DefaultValue;
            else if (!type.IsAssignableTo(typeof(Exception)) && type != typeof(HttpStatusCode?))
                return null;
        }
        return way;
    }

    private static object? Within(Type type, ErrorFacts facts) =>
        facts.Inner is not { Count: > 0 } inner ? null
        : type.IsAssignableTo(typeof(Exception)) ? inner.FirstOrDefault(type.IsInstanceOfType)
        : type == typeof(Exception[]) || type == typeof(IEnumerable<Exception>) ? inner.ToArray()
        : null;

    // By its name, else the first text of which nothing else is known.
    private static ParameterInfo? MessageOf(ParameterInfo[] parameters, ErrorFacts facts)
    {
        ParameterInfo[] texts =
        [
            .. parameters.Where(p => p.ParameterType == typeof(string) && facts.Of(p.Name ?? "", typeof(string)) is null),
        ];
        return Array.Find(texts, p => p.Name?.Contains("message", StringComparison.OrdinalIgnoreCase) == true) ?? texts.FirstOrDefault();
    }

    private sealed class Way(ConstructorInfo constructor, object?[] arguments)
    {
        public ConstructorInfo Constructor => constructor;

        public object?[] Arguments => arguments;

        /// <summary>The name of the parameter that takes the message; null where none does.</summary>
        public string? Message { get; set; }

        public List<object> Known { get; } = [];

        /// <summary>Whether something else than a text says what the message says.</summary>
        public bool Says => _isSaid;

        public bool IsSaid => Message is not null || _isSaid;

        private readonly List<string> _told = [];
        private bool _isSaid;

        public IReadOnlyList<string> Told => _told;

        public void Take(int index, object? value, string? told, bool says = false)
        {
            arguments[index] = value;
            _isSaid |= says;
            if (told is null)
                return;
            _told.Add(told);
            if (value is not null)
                Known.Add(value);
        }
    }
}
