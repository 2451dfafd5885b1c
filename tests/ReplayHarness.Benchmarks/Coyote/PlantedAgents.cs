using Microsoft.Extensions.AI;
using Pitfalls;

namespace ReplayHarness.Benchmarks.Coyote;

/// <summary>An agent with a known mistake that only some orders show.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NewDispatch">Makes what runs the calls of a turn.</param>
/// <param name="Turns">How often the model asks for calls.</param>
/// <param name="Width">For how many.</param>
public sealed record PlantedAgent(string Name, Func<Dispatch> NewDispatch, int Turns, int Width)
{
    /// <summary>Runs it; what its model and its tools wait for is given, so that the same source runs under both explorers.</summary>
    /// <param name="answer">Waits for the answer of an operation that takes so many seconds.</param>
    public Task<string> RunAsync(Func<string, double, Task> answer) =>
        new ToolLoop(new Model(Turns, Width, answer), [new Tool("fetch", 1, answer), new Tool("audit", 3, answer)], NewDispatch()).RunAsync(
            "go on",
            CancellationToken.None
        );

    /// <summary>All of them, and two whose calls commute.</summary>
    public static IReadOnlyList<PlantedAgent> All { get; } =
    [
        new("LostUpdate", () => LostUpdate.Broken, 1, 2),
        new("LeakedOrder", () => LeakedOrder.Broken, 1, 2),
        new("SharedContext", () => SharedContext.Broken, 1, 2),
        new("CrossedLocks", () => CrossedLocks.Broken, 1, 2),
        new("FirstFinisher", Wide.FirstFinisher, 3, 6),
        new("CommutingSmall", () => Wide.Commuting, 2, 2),
        new("Commuting", () => Wide.Commuting, 3, 6),
    ];

    private sealed class Tool(string name, double seconds, Func<string, double, Task> answer) : AIFunction
    {
        public override string Name => name;

        protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            await answer(name, seconds);
            return $"{arguments.Values.FirstOrDefault()}";
        }
    }

    private sealed class Model(int turns, int width, Func<string, double, Task> answer) : IChatClient
    {
        private int _turn;

        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            await answer("model", 1);
            var calls = _turn++ < turns ? Enumerable.Range(0, width) : [];
            return new(
                new ChatMessage(
                    ChatRole.Assistant,
                    [
                        .. calls.Select(i => new FunctionCallContent(
                            $"{_turn}.{i}",
                            "fetch",
                            new Dictionary<string, object?> { ["of"] = $"paper {i}" }
                        )),
                    ]
                )
            );
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException("these agents do not stream");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}
