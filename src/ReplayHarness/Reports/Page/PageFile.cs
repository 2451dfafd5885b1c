using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace ReplayHarness.Reports.Page;

/// <summary>
/// One HTML file that loads nothing: a style sheet, a script, and the data that the script draws. A policy within the file lets no other
/// script run and nothing be fetched.
/// </summary>
internal static class PageFile
{
    /// <summary>
    /// How the data is written: every alphabet is readable, and nothing that HTML could take for markup is left, for &lt; &gt; &amp; ' are
    /// escaped.
    /// </summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.Create(UnicodeRanges.All);

    /// <summary>The file's text; equal for equal input.</summary>
    /// <param name="title">The title, as text.</param>
    /// <param name="body">The page's elements, as HTML of the harness itself.</param>
    /// <param name="style">The style sheet.</param>
    /// <param name="scripts">The parts of the script, in order: they see each other's names, and nothing else does.</param>
    /// <param name="data">JSON that <see cref="Encoder"/> wrote.</param>
    /// <param name="asks">True where the script may ask the server that the page is from; nobody else either way.</param>
    public static string Of(string title, string body, string style, IEnumerable<string> scripts, string data, bool asks = false)
    {
        var script = "'use strict';\n(() => {\n" + string.Concat(scripts) + "})();\n";
        // One pass: what one part brings is never looked at for another's place.
        return string.Concat(Part("page.html").Split("{{", StringSplitOptions.None).Select((piece, i) => i == 0 ? piece : Filled(piece)));

        string Filled(string piece)
        {
            var end = piece.IndexOf("}}", StringComparison.Ordinal);
            return piece[..end] switch
                {
                    "policy" =>
                        $"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {Hash(style)}; script-src {Hash(script)}"
                            + (asks ? "; connect-src 'self'" : ""),
                    "title" => WebUtility.HtmlEncode(title),
                    "style" => style,
                    "body" => body,
                    "data" => data,
                    "script" => script,
                    var name => throw new InvalidOperationException($"the page has no {name}"),
                } + piece[(end + 2)..];
        }
    }

    /// <summary>A part of a page, which lies in an assembly.</summary>
    /// <param name="name">The name of its file.</param>
    /// <param name="assembly">The assembly; null for this one.</param>
    public static string Part(string name, Assembly? assembly = null)
    {
        using var stream =
            (assembly ?? typeof(PageFile).Assembly).GetManifestResourceStream($"page/{name}")
            ?? throw new InvalidOperationException($"page/{name} is not in the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
