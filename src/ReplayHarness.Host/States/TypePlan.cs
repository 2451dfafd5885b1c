using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ReplayHarness.Host.States;

/// <summary>
/// How the objects of one type are walked: field by field, compiled once, unless <see cref="SpecialTypes"/> knows better.
/// </summary>
internal sealed class TypePlan
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, TypePlan> s_plans = [];
    private static readonly MethodInfo s_visit = typeof(HeapWalk).GetMethod(nameof(HeapWalk.Visit))!;
    private static readonly MethodInfo s_refuse = typeof(HeapWalk).GetMethod(nameof(HeapWalk.Refuse))!;
    private static readonly MethodInfo s_addWord = typeof(HeapWalk).GetMethod(nameof(HeapWalk.Add), [typeof(ulong)])!;
    private static readonly MethodInfo s_addText = typeof(HeapWalk).GetMethod(nameof(HeapWalk.Add), [typeof(string)])!;
    private static readonly MethodInfo s_wordOfDouble = typeof(BitConverter).GetMethod(nameof(BitConverter.DoubleToUInt64Bits))!;

    private TypePlan(int number, Action<object, HeapWalk> walk)
    {
        Number = number;
        Walk = walk;
    }

    /// <summary>Stands for the type within this process.</summary>
    public int Number { get; }

    public Action<object, HeapWalk> Walk { get; }

    /// <summary>The plan of a type; asked only by the thread that holds the baton.</summary>
    public static TypePlan Of(Type type)
    {
        if (s_plans.TryGetValue(type, out var plan))
            return plan;
        plan = new TypePlan(s_plans.Count + 1, SpecialTypes.WalkerOf(type) ?? Compile(type, FieldsOf(type)));
        s_plans.Add(type, plan);
        return plan;
    }

    /// <summary>A walker over chosen fields of a type.</summary>
    public static Action<object, HeapWalk> Compile(Type type, IEnumerable<FieldInfo> fields)
    {
        var instance = Expression.Parameter(typeof(object));
        var walk = Expression.Parameter(typeof(HeapWalk));
        var typed = type.IsValueType ? Expression.Unbox(instance, type) : Expression.Convert(instance, type);
        List<Expression> steps = [.. fields.SelectMany(f => Steps(Expression.Field(typed, f), walk))];
        if (type.IsPrimitive || type.IsEnum)
            steps = [.. Steps(typed, walk)];
        return steps.Count == 0
            ? static (_, _) => { }
            : Expression.Lambda<Action<object, HeapWalk>>(Expression.Block(steps), instance, walk).Compile();
    }

    /// <summary>The fields of a type and its bases that are part of its state.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
            foreach (var field in t.GetFields(Declared))
                if (!SpecialTypes.IsNoise(field))
                    yield return field;
    }

    private static IEnumerable<Expression> Steps(Expression value, ParameterExpression walk)
    {
        var type = value.Type;
        if (type.IsPointer || type.IsByRefLike || type == typeof(IntPtr) || type == typeof(UIntPtr) || type.IsFunctionPointer)
            return [Expression.Call(walk, s_refuse, Expression.Constant(type), Expression.Constant("may point outside the heap"))];
        if (type.IsEnum)
            return Steps(Expression.Convert(value, Enum.GetUnderlyingType(type)), walk);
        if (type == typeof(bool))
            return [Word(Expression.Condition(value, Expression.Constant(1UL), Expression.Constant(0UL)), walk)];
        if (type == typeof(double))
            return [Word(Expression.Call(s_wordOfDouble, value), walk)];
        if (type == typeof(float))
            return [Word(Expression.Call(s_wordOfDouble, Expression.Convert(value, typeof(double))), walk)];
        if (type.IsPrimitive)
            return [Word(Expression.Convert(value, typeof(ulong)), walk)];
        if (type == typeof(string))
            return [Expression.Call(walk, s_addText, value)];
        if (!type.IsValueType)
            return [Expression.Call(walk, s_visit, value)];
        if (SpecialTypes.TextOf(type) is { } text)
            return
            [
                Expression.Call(walk, s_addText, Expression.Invoke(Expression.Constant(text), Expression.Convert(value, typeof(object)))),
            ];
        return type.GetCustomAttribute<InlineArrayAttribute>() is null
            ? FieldsOf(type).SelectMany(f => Steps(Expression.Field(value, f), walk))
            : [Expression.Call(walk, s_visit, Expression.Convert(value, typeof(object)))];
    }

    private static MethodCallExpression Word(Expression value, ParameterExpression walk) => Expression.Call(walk, s_addWord, value);
}
