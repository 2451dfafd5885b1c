using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using ReplayHarness.Replays;
using WebDesk;

namespace ReplayHarness.Tests.WebDesk;

/// <summary>The whole application in memory, as its Program starts it, its telemetry too: the question comes as a request.</summary>
public abstract class WebDriver(bool queued, int told) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration["Seats:Queued"] = $"{queued}";
        builder.Configuration["Seats:ErrorsTold"] = $"{told}";
        builder.AddSeatDesk();
        builder.Services.AddOpenTelemetry().WithTracing(t => t.AddAspNetCoreInstrumentation().AddOtlpExporter());
        await using var app = builder.Build();
        app.MapSeatDesk();
        await app.StartAsync(cancellationToken);
        using var client = app.GetTestClient();
        using var response = await client.PostAsJsonAsync(new Uri("ask", UriKind.Relative), new Question(input.Text), cancellationToken);
        response.EnsureSuccessStatusCode();
        await app.StopAsync(cancellationToken);
    }
}

public sealed class WebBroken() : WebDriver(queued: false, told: 0);

public sealed class WebFixed() : WebDriver(queued: true, told: 3);

/// <summary>The error goes to the model instead of ending the request.</summary>
public sealed class WebTold() : WebDriver(queued: false, told: 3);

/// <summary>It answers without its agent.</summary>
public sealed class WebIdle : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.AddSeatDesk();
        await using var app = builder.Build();
        app.MapPost("/ask", () => new Answer("Seat 14C in IC-5 and seat 2A in RE-7 are free."));
        await app.StartAsync(cancellationToken);
        using var client = app.GetTestClient();
        (await client.PostAsync(new Uri("ask", UriKind.Relative), null, cancellationToken)).EnsureSuccessStatusCode();
    }
}
