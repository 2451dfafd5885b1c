using System.IO.Pipes;
using Microsoft.Extensions.AI;
using Pitfalls;

namespace ReplayHarness.Tests.Replays;

/// <summary>Computes for a while between two calls, as one does who parses a long document.</summary>
public sealed class ComputesForAWhile() : PitfallDriver(() => AtWorkAsync)
{
    private static async Task<IReadOnlyList<object?>> AtWorkAsync(
        Toolbox tools,
        IReadOnlyList<FunctionCallContent> calls,
        CancellationToken token
    )
    {
        var x = 1u;
        for (var i = 0; i < 200_000_000; i++)
            x = (x * 31) + 7;
        GC.KeepAlive(x);
        return await LostUpdate.Fixed(tools, calls, token);
    }
}

/// <summary>Reads from a pipe into which nobody ever writes.</summary>
public sealed class BlocksOutside()
    : ControlDriver(
        (_, _) =>
        {
            using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
            return Task.FromResult(pipe.ReadByte());
        }
    );
