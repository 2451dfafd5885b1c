using System.Diagnostics;
using OpenTelemetry.Exporter;

namespace OpenTelemetry.Trace;

public static class InMemoryExporterHelperExtensions
{
    public static TracerProviderBuilder AddInMemoryExporter(this TracerProviderBuilder builder, ICollection<Activity> exportedItems) =>
        builder.AddProcessor(new SimpleActivityExportProcessor(new InMemoryExporter<Activity>(exportedItems)));
}
