namespace ReplayHarness.Server;

internal static partial class OtlpSchema
{
    private static readonly Message s_exemplar = new(
        new(7, "filteredAttributes", FieldType.Message, static () => s_keyValue, IsList: true),
        new(2, "timeUnixNano", FieldType.Long),
        new(3, "asDouble", FieldType.Double),
        new(6, "asInt", FieldType.Long),
        new(4, "spanId", FieldType.Hex),
        new(5, "traceId", FieldType.Hex)
    );

    private static readonly Message s_numberPoint = new(
        Attributes(7),
        new(2, "startTimeUnixNano", FieldType.Long),
        new(3, "timeUnixNano", FieldType.Long),
        new(4, "asDouble", FieldType.Double),
        new(6, "asInt", FieldType.Long),
        Exemplars(5),
        new(8, "flags", FieldType.Number)
    );

    private static readonly Message s_histogramPoint = new(
        Attributes(9),
        new(2, "startTimeUnixNano", FieldType.Long),
        new(3, "timeUnixNano", FieldType.Long),
        new(4, "count", FieldType.Count),
        new(5, "sum", FieldType.Double),
        new(6, "bucketCounts", FieldType.Count, IsList: true),
        new(7, "explicitBounds", FieldType.Double, IsList: true),
        Exemplars(8),
        new(10, "flags", FieldType.Number),
        new(11, "min", FieldType.Double),
        new(12, "max", FieldType.Double)
    );

    private static readonly Message s_buckets = new(
        new(1, "offset", FieldType.Signed),
        new(2, "bucketCounts", FieldType.Count, IsList: true, IsVarint: true)
    );

    private static readonly Message s_exponentialPoint = new(
        Attributes(1),
        new(2, "startTimeUnixNano", FieldType.Long),
        new(3, "timeUnixNano", FieldType.Long),
        new(4, "count", FieldType.Count),
        new(5, "sum", FieldType.Double),
        new(6, "scale", FieldType.Signed),
        new(7, "zeroCount", FieldType.Count),
        new(8, "positive", FieldType.Message, static () => s_buckets),
        new(9, "negative", FieldType.Message, static () => s_buckets),
        new(10, "flags", FieldType.Number),
        Exemplars(11),
        new(12, "min", FieldType.Double),
        new(13, "max", FieldType.Double),
        new(14, "zeroThreshold", FieldType.Double)
    );

    private static readonly Message s_quantile = new(new(1, "quantile", FieldType.Double), new(2, "value", FieldType.Double));

    private static readonly Message s_summaryPoint = new(
        Attributes(7),
        new(2, "startTimeUnixNano", FieldType.Long),
        new(3, "timeUnixNano", FieldType.Long),
        new(4, "count", FieldType.Count),
        new(5, "sum", FieldType.Double),
        new(6, "quantileValues", FieldType.Message, static () => s_quantile, IsList: true),
        new(8, "flags", FieldType.Number)
    );

    private static readonly Message s_gauge = new(Points(static () => s_numberPoint));

    private static readonly Message s_sum = new(
        Points(static () => s_numberPoint),
        new(2, "aggregationTemporality", FieldType.Number),
        new(3, "isMonotonic", FieldType.Bool)
    );

    private static readonly Message s_histogram = new(
        Points(static () => s_histogramPoint),
        new(2, "aggregationTemporality", FieldType.Number)
    );

    private static readonly Message s_exponential = new(
        Points(static () => s_exponentialPoint),
        new(2, "aggregationTemporality", FieldType.Number)
    );

    private static readonly Message s_summary = new(Points(static () => s_summaryPoint));

    private static readonly Message s_metric = new(
        new(1, "name", FieldType.Text),
        new(2, "description", FieldType.Text),
        new(3, "unit", FieldType.Text),
        new(5, "gauge", FieldType.Message, static () => s_gauge),
        new(7, "sum", FieldType.Message, static () => s_sum),
        new(9, "histogram", FieldType.Message, static () => s_histogram),
        new(10, "exponentialHistogram", FieldType.Message, static () => s_exponential),
        new(11, "summary", FieldType.Message, static () => s_summary),
        new(12, "metadata", FieldType.Message, static () => s_keyValue, IsList: true)
    );

    private static Field Points(Func<Message> point) => new(1, "dataPoints", FieldType.Message, point, IsList: true);

    private static Field Exemplars(int number) => new(number, "exemplars", FieldType.Message, static () => s_exemplar, IsList: true);
}
