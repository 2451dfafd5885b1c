using OpenTelemetry.Exporter;

namespace OpenTelemetry.Metrics;

public static class InMemoryExporterMetricsExtensions
{
    public static MeterProviderBuilder AddInMemoryExporter(this MeterProviderBuilder builder, ICollection<Metric> exportedItems) =>
        builder.AddReader(new PeriodicExportingMetricReader(new InMemoryExporter<Metric>(exportedItems), Timeout.Infinite));
}
