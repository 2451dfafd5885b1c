using System.Diagnostics;
using System.Net;
using MailPilot;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ReplayHarness.Tests.Agents;

/// <summary>The agent under replay is an ordinary one: it runs under the OpenTelemetry SDK, in real time, without the harness.</summary>
public sealed class MailPilotLiveTests
{
    [Test]
    public async Task Fixed_agent_answers_and_its_spans_have_the_names_and_parents_of_the_captured_run()
    {
        List<Activity> spans = [];
        using (Sdk.CreateTracerProviderBuilder().AddSource(Telemetry.SourceName).AddInMemoryExporter(spans).Build())
        {
            await using var services = Services(new MailPilotOptions { ConnectionPerCall = true });
            Assert.That(
                await services.GetRequiredService<TaskRunner>().RunAsync("Which gland fits?", CancellationToken.None),
                Is.EqualTo("v3 fits; v2 is withdrawn.")
            );
        }
        Assert.That(
            Lines(spans, null, ""),
            Is.EqualTo(
                new[]
                {
                    "run.execute_task",
                    "  agent run",
                    "    chat claude-sonnet-4-6",
                    "    running tool: read_drive_markdown",
                    "    running tool: read_drive_markdown",
                    "    chat claude-sonnet-4-6",
                }
            )
        );
    }

    [Test]
    public async Task Shipped_agent_shares_one_connection()
    {
        await using var services = Services(new MailPilotOptions());
        var connections = services.GetRequiredService<DriveConnections>();
        var first = connections.Get();
        Assert.That(connections.Get(), Is.SameAs(first));
    }

    private static ServiceProvider Services(MailPilotOptions options)
    {
        var services = new ServiceCollection().AddMailPilot(options).AddSingleton<IChatClient, ScriptedModel>();
        services.AddHttpClient(DriveConnections.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => new Drive());
        return services.BuildServiceProvider();
    }

    private static IEnumerable<string> Lines(List<Activity> spans, string? parent, string indent) =>
        spans
            .Where(s => s.Parent?.Id == parent)
            .OrderBy(s => s.StartTimeUtc)
            .SelectMany(s => (string[])[indent + s.OperationName, .. Lines(spans, s.Id, indent + "  ")]);

    /// <summary>Reads two files at once, then answers.</summary>
    private sealed class ScriptedModel : IChatClient
    {
        private int _turn;

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) =>
            Task.FromResult(
                new ChatResponse(
                    new ChatMessage(
                        ChatRole.Assistant,
                        _turn++ == 0 ? [Read("1", "v3"), Read("2", "v2")] : [new TextContent("v3 fits; v2 is withdrawn.")]
                    )
                )
            );

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException("the agent does not stream");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }

        private static FunctionCallContent Read(string callId, string file) =>
            new(callId, "read_drive_markdown", new Dictionary<string, object?> { ["file_id"] = file });
    }

    /// <summary>A drive whose files hold their own name.</summary>
    private sealed class Drive : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var file = request.RequestUri!.Segments[^1];
            var body = file.StartsWith('v') ? $$"""{"contentLink":"content/of-{{file}}"}""" : $"# {file}";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });
        }
    }
}
