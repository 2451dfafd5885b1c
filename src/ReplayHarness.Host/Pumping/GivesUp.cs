using System.Reflection;
using System.Runtime.CompilerServices;
using ReplayHarness.Host.States;

namespace ReplayHarness.Host.Pumping;

/// <summary>Tells whether a timer's callback gives a call up: it cancels, or ends with an error what somebody waits for.</summary>
internal static class GivesUp
{
    // From the callback on, so many methods deep.
    private const int MostDepth = 4;

    private static readonly HashSet<string> s_giving =
    [
        nameof(CancellationTokenSource.Cancel),
        nameof(CancellationTokenSource.CancelAsync),
        nameof(CancellationTokenSource.CancelAfter),
        nameof(TaskCompletionSource.SetCanceled),
        nameof(TaskCompletionSource.TrySetCanceled),
        nameof(TaskCompletionSource.SetException),
        nameof(TaskCompletionSource.TrySetException),
    ];

    private static readonly ConditionalWeakTable<MethodBase, StrongBox<bool>> s_known = [];

    /// <summary>True where the method, or one that it calls, gives something up. What is called through an interface is not seen.</summary>
    public static bool Reaches(MethodBase method) =>
        s_known.GetValue(method, static m => new StrongBox<bool>(Reaches(m, [], MostDepth))).Value;

    private static bool Reaches(MethodBase method, HashSet<MethodBase> seen, int depth) =>
        depth > 0
        && seen.Add(method)
        && MethodCalls.Of(Body(method)).Any(called => IsGiving(called) || (IsOfAgent(called) && Reaches(called, seen, depth - 1)));

    // Of an async method, that of its state machine.
    private static MethodBase Body(MethodBase method)
    {
        if (method.GetCustomAttribute<AsyncStateMachineAttribute>()?.StateMachineType is not { } machine)
            return method;
        var map = machine.GetInterfaceMap(typeof(IAsyncStateMachine));
        return map.TargetMethods[Array.FindIndex(map.InterfaceMethods, m => m.Name == nameof(IAsyncStateMachine.MoveNext))];
    }

    private static bool IsGiving(MethodBase called) => s_giving.Contains(called.Name) && !IsOfAgent(called);

    private static bool IsOfAgent(MethodBase called) =>
        called.DeclaringType is { } type && !TypeTable.IsFramework(type) && !HarnessCode.Owns(type.Assembly);
}
