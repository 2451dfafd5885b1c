using System.Reflection;
using System.Runtime.Serialization;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// An exception that was made of what a fixture tells, and which of its members have the values that they had in production. The others
/// have the values that its type gives them, and whoever reads one decides on what nobody knows.
/// </summary>
internal sealed class RebuiltException
{
    private const int SmallestStatus = 100;

    private readonly HashSet<string> _told;
    private readonly string? _message;
    private readonly HashSet<object> _values;

    /// <param name="exception">The exception.</param>
    /// <param name="facts">What it was made of.</param>
    /// <param name="message">The parameter that took its message; null where its constructor has none.</param>
    /// <param name="told">The members that the constructor was told.</param>
    /// <param name="values">The values that it was told.</param>
    public RebuiltException(
        Exception exception,
        ErrorFacts facts,
        string? message,
        IEnumerable<string>? told = null,
        IEnumerable<object>? values = null
    )
    {
        (Exception, Facts, _message, _told) = (exception, facts, message, facts.Told);
        _told.UnionWith(told ?? []);
        _values = [facts.Message, .. values ?? []];
    }

    public Exception Exception { get; }

    public ErrorFacts Facts { get; }

    /// <summary>The members that a fixture names and that it has not, or not of that type.</summary>
    public List<string> Unset { get; } = [];

    /// <summary>Whether no constructor of its type ran.</summary>
    public bool IsBare { get; init; }

    /// <summary>Whether its message is the captured one.</summary>
    public bool SaysWhatWasCaptured =>
        Facts.Message.Length == 0 || Exception.Message.ReplaceLineEndings("\n") == Facts.Message.ReplaceLineEndings("\n");

    /// <summary>Whether what a field holds is not known.</summary>
    public bool IsFieldUnknown(string field) =>
        !_told.Contains(Plain(field))
        && FieldsOf(Exception.GetType()).FirstOrDefault(f => f.Name == field) is { } found
        && IsUnknown(found);

    /// <summary>Whether what a member says is not known; of a property with code of its own, whether anything beneath it is not.</summary>
    public bool IsMemberUnknown(string member)
    {
        if (_told.Contains(member))
            return false;
        var type = Exception.GetType();
        if (member == nameof(Exception.HResult))
            return IsBare || type == typeof(IOException) || type == typeof(CapturedException) || IsOfInterop(type);
        if (member is nameof(Exception.InnerException) or nameof(Exception.GetBaseException))
            return Facts.Inner is not { } inner
                ? !_told.Contains(nameof(Exception.InnerException))
                : inner.Count > 0 && Exception.InnerException is null;
        FieldInfo[] fields = [.. FieldsOf(type)];
        var own = Array.Find(fields, f => f.Name == $"<{member}>k__BackingField");
        return own is not null ? IsUnknown(own) : Array.Exists(fields, IsUnknown);
    }

    /// <summary>The fields of an exception's type and of those it derives from, without those that every exception has.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var at = type; at is not null && at != typeof(Exception); at = at.BaseType)
            foreach (
                var field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            )
                yield return field;
    }

    /// <summary>What a field is called without what compilers and habits add: <c>&lt;Code&gt;k__BackingField</c>, <c>_code</c>.</summary>
    public static string Plain(string field) =>
        field.StartsWith('<') && field.IndexOf('>', StringComparison.Ordinal) is var end and > 1 ? field[1..end]
        : field.StartsWith("m_", StringComparison.Ordinal) ? field[2..]
        : field.TrimStart('_');

    private bool IsUnknown(FieldInfo field) =>
        !_told.Contains(Plain(field.Name))
        && !(field.GetValue(Exception) is { } value && IsTelling(value) && _values.Contains(value))
        && (IsBare || !IsSettled(field));

    // A small number may be anything's.
    private static bool IsTelling(object value) =>
        value is int number ? number >= SmallestStatus : value is not (bool or byte or short or long or char);

    // What only constructors set, all of which take no more than a message, is what the message makes it.
    private bool IsSettled(FieldInfo field)
    {
        if (!field.IsInitOnly || field.DeclaringType!.GetProperty(Plain(field.Name))?.SetMethod is not null)
            return false;
        for (var at = Exception.GetType(); at is not null; at = at == field.DeclaringType ? null : at.BaseType)
            if (Array.TrueForAll(ConstructorsOf(at), TakesTheMessageOnly))
                return true;
        return false;
    }

    private static ConstructorInfo[] ConstructorsOf(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private bool TakesTheMessageOnly(ConstructorInfo constructor) =>
        Array.TrueForAll(
            constructor.GetParameters(),
            p =>
                p.ParameterType.IsAssignableTo(typeof(Exception))
                || p.ParameterType == typeof(SerializationInfo)
                || p.ParameterType == typeof(StreamingContext)
                || (p.ParameterType == typeof(string) && p.Name == _message)
        );

    // Any number may be theirs.
    private static bool IsOfInterop(Type type) =>
        type.FullName is "System.Runtime.InteropServices.ExternalException" or "System.Runtime.InteropServices.COMException";
}
