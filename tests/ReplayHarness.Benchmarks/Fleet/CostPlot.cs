using System.Globalization;
using System.Text;

namespace ReplayHarness.Benchmarks.Fleet;

/// <summary>Draws what many incidents cost, from measured data, as one SVG file.</summary>
internal static class CostPlot
{
    private const int Width = 640,
        Height = 360,
        Left = 70,
        Right = 20,
        Top = 40,
        Bottom = 50;

    /// <summary>One measurement.</summary>
    private sealed record Point(double Incidents, double Cost);

    /// <summary>
    /// Draws a file of lines <c>incidents,seconds</c>. What is drawn is a ratio: the cost beside that of the least number of incidents.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="file">The file to write.</param>
    public static void Draw(string data, string file)
    {
        Point[] read =
        [
            .. File.ReadLines(data)
                .Skip(1)
                .Select(line => line.Split(','))
                .Select(cells => new Point(Number(cells[0]), Number(cells[1])))
                .OrderBy(p => p.Incidents),
        ];
        Point[] points = [.. read.Select(p => p with { Cost = p.Cost / read[0].Cost })];
        var (slope, start) = Line(points);
        var svg = new StringBuilder();
        var (most, highest) = (points[^1].Incidents, Math.Ceiling(points.Max(p => p.Cost)));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">
            <title>What many incidents cost: time beside that of {points[0].Incidents} incidents, by number of incidents</title>
            <rect width="{Width}" height="{Height}" fill="#fff"/>
            <text x="{Left}" y="22" font-size="14">Time of all replays, beside that of {points[
                0
            ].Incidents} incidents (three agents each)</text>

            """
        );
        for (var y = 0; y <= highest; y++)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <path d="M{Left} {Y(y)}H{Width - Right}" stroke="#ddd"/><text x="{Left - 8}" y="{Y(y) + 4}" text-anchor="end">{y} ×</text>

                """
            );
        foreach (var point in points)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <text x="{X(point.Incidents)}" y="{Height - Bottom + 18}" text-anchor="middle">{point.Incidents}</text>

                """
            );
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <text x="{(Left + Width - Right) / 2}" y="{Height - 12}" text-anchor="middle">incidents</text>
            <path d="M{X(0)} {Y(start)}L{X(most)} {Y(start + slope * most)}" stroke="#999" stroke-dasharray="4 4"/>
            <polyline fill="none" stroke="#0b62a4" stroke-width="2" points="{string.Join(' ', points.Select(Place))}"/>

            """
        );
        foreach (var point in points)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <circle cx="{X(point.Incidents)}" cy="{Y(point.Cost)}" r="4" fill="#0b62a4"/>
                <text x="{X(point.Incidents)}" y="{Y(point.Cost) - 10}" text-anchor="end">{point.Cost:0.00} ×</text>

                """
            );
        File.WriteAllText(file, svg.Append("</svg>\n").ToString().ReplaceLineEndings("\n"));

        string X(double incidents) => At(Left + incidents / most * (Width - Right - Left));
        double YOf(double cost) => Height - Bottom - cost / highest * (Height - Bottom - Top);
        string Place(Point p) => $"{X(p.Incidents)},{At(YOf(p.Cost))}";
        double Y(double cost) => Math.Round(YOf(cost), 1);
    }

    private static string At(double place) => place.ToString("0.#", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // The straight line that lies nearest.
    private static (double Slope, double Start) Line(Point[] points)
    {
        var (x, y) = (points.Average(p => p.Incidents), points.Average(p => p.Cost));
        var slope = points.Sum(p => (p.Incidents - x) * (p.Cost - y)) / points.Sum(p => (p.Incidents - x) * (p.Incidents - x));
        return (slope, y - slope * x);
    }
}
