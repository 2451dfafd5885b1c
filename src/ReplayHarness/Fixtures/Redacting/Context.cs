namespace ReplayHarness.Fixtures.Redacting;

/// <summary>What the words before a number say of it.</summary>
internal static class Context
{
    private const int Words = 3,
        Reach = 40;

    private static readonly HashSet<string> s_versions = new(StringComparer.OrdinalIgnoreCase)
    {
        "version",
        "versions",
        "ver",
        "v",
        "driver",
        "release",
        "build",
        "chrome",
        "chromium",
        "firefox",
        "edge",
        "edg",
        "safari",
        "opera",
        "opr",
        "firmware",
        "sdk",
        "runtime",
        "assembly",
        "fileversion",
        "productversion",
        "assemblyversion",
        "update",
        "upgrade",
        "upgraded",
        "package",
        "nuget",
        "patch",
        "kernel",
        "webkit",
        "applewebkit",
        "gecko",
        "java",
        "jdk",
        "python",
        "dotnet",
        "windows",
        "office",
        "library",
        "dll",
        "section",
        "chapter",
        "clause",
        "paragraph",
        "oid",
        "bios",
        "uefi",
        "rev",
        "revision",
        "plugin",
        "extension",
        "module",
        "hotfix",
        "kb",
        "fw",
        "protocol",
        "headlesschrome",
        "electron",
    };

    private static readonly HashSet<string> s_hosts = new(StringComparer.OrdinalIgnoreCase)
    {
        "host",
        "hostname",
        "ip",
        "ipv4",
        "addr",
        "address",
        "peer",
        "server",
        "connect",
        "connected",
        "connecting",
        "client",
        "remote",
        "gateway",
        "router",
        "dns",
        "proxy",
        "subnet",
        "ping",
        "ssh",
        "endpoint",
        "bind",
        "listen",
        "listening",
        "node",
        "network",
        "reach",
        "econnrefused",
        "etimedout",
        "forwarded",
        "source",
        "src",
        "dst",
        "dest",
        "destination",
        "login",
        "request",
        "visitor",
    };

    private static readonly HashSet<string> s_phones = new(StringComparer.OrdinalIgnoreCase)
    {
        "call",
        "calls",
        "tel",
        "telephone",
        "phone",
        "mobile",
        "cell",
        "fax",
        "dial",
        "ring",
        "whatsapp",
        "sms",
        "text",
        "contact",
        "reach",
        "handy",
        "telefon",
        "ruf",
        "rufen",
        "anrufen",
        "mobil",
        "móvil",
        "movil",
        "celular",
        "teléfono",
        "tél",
        "téléphone",
        "appelez",
        "telefone",
        "telefoon",
        "телефон",
        "тел",
        "number",
        "nummer",
        "numéro",
        "número",
        "电话",
        "電話",
        "手机",
        "call me",
        "at",
        "on",
    };

    private static readonly HashSet<string> s_things = new(StringComparer.OrdinalIgnoreCase)
    {
        "sku",
        "order",
        "orders",
        "part",
        "item",
        "invoice",
        "ticket",
        "isbn",
        "issn",
        "ean",
        "gtin",
        "upc",
        "asin",
        "model",
        "case",
        "product",
        "article",
        "artikel",
        "bestellung",
        "auftrag",
        "rechnung",
        "tracking",
        "parcel",
        "shipment",
        "batch",
        "lot",
        "serial",
        "ref",
        "reference",
        "doi",
        "pedido",
        "commande",
        "ordine",
        "build",
        "job",
        "run",
        "task",
        "issue",
        "bug",
        "req",
        "request",
        "row",
    };

    /// <summary>Up to three words before a place, nearest first.</summary>
    public static IEnumerable<string> Before(string text, int at)
    {
        var least = Math.Max(0, at - Reach);
        for (var count = 0; count < Words; count++)
        {
            while (at > least && !Glyphs.IsWord(text[at - 1]))
            {
                if (text[at - 1] is '\n' or ';' or '|')
                    yield break;
                at--;
            }
            var end = at;
            while (at > least && Glyphs.IsWord(text[at - 1]))
                at--;
            if (at == end)
                yield break;
            yield return text[at..end];
        }
    }

    /// <summary>The words of a line before a place.</summary>
    public static IEnumerable<string> Line(string text, int at)
    {
        var from = Math.Max(0, at - 200);
        var line = text.AsSpan(from, at - from).LastIndexOf('\n') is >= 0 and var last ? from + last + 1 : from;
        return Redacting.Words.Of(text[line..at]).Select(w => text[line..at][w.Start..w.End]).ToArray();
    }

    /// <summary>Whether a word says that a version follows.</summary>
    public static bool IsVersion(string word) => s_versions.Contains(word);

    /// <summary>Whether what begins at a place follows a product's name and a slash: nginx/1.25.3.1.</summary>
    public static bool IsProduct(string text, int at)
    {
        if (at < 3 || text[at - 1] != '/' || !char.IsAsciiLetter(text[at - 2]))
            return false;
        var start = at - 1;
        while (start > 0 && at - start < Reach && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '-' or '_'))
            start--;
        return !IsHost(text[start..(at - 1)])
            && text[start..(at - 1)] is not ("tcp" or "udp" or "ip4" or "ip")
            && (start == 0 || text[start - 1] is not ('.' or '/' or '@' or ':' or '\\'));
    }

    /// <summary>Whether a word says that a host follows.</summary>
    public static bool IsHost(string word) => s_hosts.Contains(word);

    /// <summary>Whether a word says that a phone number follows.</summary>
    public static bool IsPhone(string word) => s_phones.Contains(word);

    /// <summary>Whether a word says that the number of a thing follows.</summary>
    public static bool IsThing(string word) => s_things.Contains(word);
}
