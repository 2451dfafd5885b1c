using ReplayHarness.Host.Rewriting;

namespace ReplayHarness.Host.Controlled;

/// <summary>
/// Says which member a static method stands in for, once an assembly has been rewritten. An instance member passes its instance as the
/// first argument.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
internal sealed class ReplacesAttribute(Type type, string member) : Attribute
{
    public Type Type => type;

    public string Member => member;

    /// <summary>True for a member of an instance; a constructor is not one.</summary>
    public bool Instance { get; init; }

    /// <summary>Whose calls are redirected, with all behind it.</summary>
    public Caller From { get; init; } = Caller.Framework;
}
