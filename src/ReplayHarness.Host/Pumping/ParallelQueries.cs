using System.Reflection;
using System.Reflection.Emit;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// Parallel queries (PLINQ) take their degree from the number of processors, once and for good; this process has one, and agent code hears
/// of more.
/// </summary>
internal static class ParallelQueries
{
    public static void TakeOver()
    {
        var names = RuntimeParts.Current.Parallel;
        var scheduling = RuntimeParts.TypeNamed(Assembly.Load(names.Assembly), names.SchedulingType);
        Write(RuntimeParts.Field(scheduling, names.Degree), Machine.Usual.Processors);
        var degree = RuntimeParts.Method(scheduling, names.DegreeOf).Invoke(null, null);
        if (degree is not int degrees || degrees != Machine.Usual.Processors)
            throw new NotSupportedException($"a parallel query runs on {degree} processors; expected {Machine.Usual.Processors}");
    }

    // It may be written once only, where its type begins: reflection keeps to that.
    private static void Write(FieldInfo field, int value)
    {
        if (field.IsLiteral || field.FieldType != typeof(int))
            throw new NotSupportedException($"{field.Name} cannot be written");
        var write = new DynamicMethod("Write", null, [typeof(int)], field.Module, skipVisibility: true);
        var il = write.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Stsfld, field);
        il.Emit(OpCodes.Ret);
        write.CreateDelegate<Action<int>>()(value);
    }
}
