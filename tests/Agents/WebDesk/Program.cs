using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WebDesk;

var builder = WebApplication.CreateBuilder(args);
builder.AddSeatDesk();
builder
    .Services.AddOpenTelemetry()
    .ConfigureResource(r => r.AddService("web-desk", serviceVersion: "1.0.0"))
    .WithTracing(t =>
        t.AddAspNetCoreInstrumentation(a => a.RecordException = true).AddSource("Experimental.Microsoft.Extensions.AI").AddOtlpExporter()
    );
await using var app = builder.Build();
app.MapSeatDesk();
await app.RunAsync();
