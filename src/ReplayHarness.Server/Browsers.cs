using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ReplayHarness.Server;

/// <summary>
/// Keeps out what web pages send: a browser lets any page post to loopback, and a name that a page's owner controls may be that of
/// loopback. No header of CORS is ever answered.
/// </summary>
internal static class Browsers
{
    private static readonly FrozenSet<string> s_loopback = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "localhost",
        "127.0.0.1",
        "[::1]"
    );

    /// <summary>Refuses every request of a page, and every one to another name than loopback's.</summary>
    public static void Refuse(WebApplication app) => Use(app, static context => OfPage(context.Request) ?? OfName(context.Request), null);

    /// <summary>
    /// For pages of its own: refuses every request that a page of another site made, and every one to another name than loopback's.
    /// </summary>
    public static void RefuseOthers(WebApplication app) =>
        Use(app, static context => OfOtherSite(context.Request) ?? OfName(context.Request), null);

    /// <summary>
    /// Refuses every request of a page. Other names are not looked at: a client that takes this for its proxy asks for hosts of any name.
    /// What it asks of them may say <c>Origin</c>, too; no page can ask so.
    /// </summary>
    public static void RefusePages(WebApplication app, Action<string>? tell) =>
        Use(app, static context => IsToProxy(context) ? null : OfPage(context.Request), tell);

    private static void Use(WebApplication app, Func<HttpContext, string?> why, Action<string>? tell) =>
        app.Use(
            (context, next) =>
            {
                if (why(context) is not { } refusal)
                    return next(context);
                tell?.Invoke($"{context.Request.Method} {context.Request.Path}: {refusal}");
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                context.Response.ContentType = "text/plain";
                return context.Response.WriteAsync(refusal);
            }
        );

    private static string? OfPage(HttpRequest request) =>
        request.Headers.ContainsKey("Origin")
            ? "refused: a request with the header Origin comes from a web page, and web pages have no access here"
            : null;

    private static string? OfOtherSite(HttpRequest request) =>
        request.Headers.Origin.ToString() is not "" and var origin && origin != $"http://{request.Host}"
            ? $"refused: a page of {origin} asks, and only pages from here have access"
        : request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none")
            ? "refused: a page of another site leads here; type the address instead"
        : null;

    private static string? OfName(HttpRequest request) =>
        s_loopback.Contains(request.Host.Host)
            ? null
            : $"refused: the request is for the host '{request.Host.Host}'; ask for 127.0.0.1 or localhost";

    private static bool IsToProxy(HttpContext context) =>
        context.Request.Method == HttpMethods.Connect
        || context.Features.Get<IHttpRequestFeature>()?.RawTarget.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true;
}
