using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using ReplayHarness.Host.Statics;

namespace ReplayHarness.Host.Controlled;

/// <summary>Static fields that have moved into holders, for code that finds them by reflection or in an expression tree.</summary>
public static class ControlledFields
{
    /// <summary>Instead of <see cref="FieldInfo.GetValue"/>.</summary>
    [Replaces(typeof(FieldInfo), "GetValue", Instance = true)]
    public static object? GetValue(FieldInfo field, object? instance) =>
        MovedField.Of(field) is { } moved ? moved.Field.GetValue(moved.Holder()) : field.GetValue(instance);

    /// <summary>Instead of <see cref="FieldInfo.SetValue(object, object)"/>.</summary>
    [Replaces(typeof(FieldInfo), "SetValue", Instance = true)]
    public static void SetValue(FieldInfo field, object? instance, object? value)
    {
        if (MovedField.Of(field) is { } moved)
            moved.Field.SetValue(moved.Holder(), value);
        else
            field.SetValue(instance, value);
    }

    /// <summary>Instead of <see cref="Expression.Field(Expression, FieldInfo)"/>.</summary>
    [Replaces(typeof(Expression), "Field")]
    public static MemberExpression FieldOf(Expression? instance, FieldInfo field) =>
        instance is null && MovedField.Of(field) is { } moved
            ? Expression.Field(Expression.Call(moved.Getter), moved.Field)
            : Expression.Field(instance, field);

    /// <summary>Instead of <see cref="Expression.Field(Expression, Type, string)"/>.</summary>
    [Replaces(typeof(Expression), "Field")]
    public static MemberExpression FieldOf(Expression? instance, Type type, string name)
    {
        var found = Expression.Field(instance, type, name);
        return instance is null ? FieldOf(null, (FieldInfo)found.Member) : found;
    }

    /// <summary>Instead of <see cref="Expression.MakeMemberAccess"/>.</summary>
    [Replaces(typeof(Expression), "MakeMemberAccess")]
    public static MemberExpression MemberOf(Expression? instance, MemberInfo member) =>
        member is FieldInfo field ? FieldOf(instance, field) : Expression.MakeMemberAccess(instance, member);

    /// <summary>Instead of <see cref="RuntimeHelpers.RunClassConstructor"/>.</summary>
    [Replaces(typeof(RuntimeHelpers), "RunClassConstructor")]
    public static void Initialise(RuntimeTypeHandle type)
    {
        RuntimeHelpers.RunClassConstructor(type);
        MovedField.Initialise(Type.GetTypeFromHandle(type)!);
    }
}
