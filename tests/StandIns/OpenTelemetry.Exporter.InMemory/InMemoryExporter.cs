namespace OpenTelemetry.Exporter;

/// <summary>Adds what is exported to a collection.</summary>
public class InMemoryExporter<T>(ICollection<T> exportedItems) : BaseExporter<T>
    where T : class
{
    public override ExportResult Export(in Batch<T> batch)
    {
        foreach (var item in batch)
            exportedItems.Add(item);
        return ExportResult.Success;
    }
}
