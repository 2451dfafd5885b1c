using System.Globalization;
using System.Text;
using System.Xml;
using ReplayHarness.Evidence;
using ReplayHarness.Judging;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>Rows as a file of JUnit: a suite for each incident, a case for each agent.</summary>
internal static class JUnitXml
{
    private static readonly XmlWriterSettings s_settings = new()
    {
        Indent = true,
        NewLineChars = "\n",
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    };

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string file, IReadOnlyList<FleetRow> rows)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, s_settings))
            Write(xml, rows);
        WholeFile.Write(file, Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void Write(XmlWriter xml, IReadOnlyList<FleetRow> rows)
    {
        xml.WriteStartElement("testsuites");
        Count(xml, rows);
        foreach (var incident in rows.GroupBy(r => r.Job.Incident, StringComparer.Ordinal))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Spelt(incident.Key));
            Count(xml, [.. incident]);
            foreach (var row in incident)
                WriteCase(xml, row);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void Count(XmlWriter xml, IReadOnlyList<FleetRow> rows)
    {
        Number("tests", rows.Count);
        Number("failures", rows.Count(r => r is { Report: not null, AsExpected: false }));
        Number("errors", rows.Count(r => r.Report is null));

        void Number(string name, int count) => xml.WriteAttributeString(name, count.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteCase(XmlWriter xml, FleetRow row)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Spelt(row.Job.Incident));
        xml.WriteAttributeString("name", Spelt(row.Job.Agent));
        if (row.Report is not { } report)
            Fault("error", row.Error!, "");
        else if (!row.AsExpected)
            Fault(
                "failure",
                $"expected {row.Job.Expected!.Verdict.Text()}, got {report.Verdict.Text()}: {report.Sentence}",
                $"rerun: {report.Rerun}"
            );
        xml.WriteEndElement();

        void Fault(string kind, string message, string body)
        {
            xml.WriteStartElement(kind);
            xml.WriteAttributeString("message", Spelt(message));
            xml.WriteString(Spelt(body));
            xml.WriteEndElement();
        }
    }

    // XML cannot hold every character.
    private static string Spelt(string text) => Unseen.Spelt(text);
}
