using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;

namespace WebDesk;

/// <summary>What is asked.</summary>
public sealed record Question(string Text);

/// <summary>What is answered.</summary>
public sealed record Answer(string Text);

/// <summary>The agent as a part of a web application: its services, a scope for each request, and its endpoint.</summary>
public static class SeatDeskApplication
{
    /// <summary>Adds what the agent needs.</summary>
    public static void AddSeatDesk(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        builder.Services.AddHttpClient("seats", c => c.BaseAddress = new(settings["Seats:Address"]!));
        builder
            .Services.AddChatClient(_ =>
                new OpenAIClient(new ApiKeyCredential(settings["Model:Key"]!), new() { Endpoint = new(settings["Model:Address"]!) })
                    .GetChatClient("gpt-4o-mini")
                    .AsIChatClient()
            )
            .UseFunctionInvocation(configure: f =>
            {
                f.AllowConcurrentInvocation = true;
                f.MaximumConsecutiveErrorsPerRequest = settings.GetValue("Seats:ErrorsTold", 0);
            })
            .UseOpenTelemetry(configure: t => t.EnableSensitiveData = true);
        builder.Services.AddScoped<SeatStore>().AddScoped<SeatDesk>();
    }

    /// <summary>Maps its endpoint.</summary>
    public static void MapSeatDesk(this WebApplication app) =>
        app.MapPost(
            "/ask",
            async (Question question, SeatDesk desk, CancellationToken token) => new Answer(await desk.AskAsync(question.Text, token))
        );
}
