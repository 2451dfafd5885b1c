using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ReplayHarness.Cli.Ui;

/// <summary>
/// Lets in who knows a key, for whoever has an account on this machine can reach the port. The key stands in the address that is printed,
/// and from then on in a cookie.
/// </summary>
internal sealed class UiKey
{
    private const string Parameter = "key";

    private readonly string _key = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The address to open.</summary>
    public string AddressOf(string url) => $"{url}/?{Parameter}={_key}";

    /// <summary>Answers a request, or refuses it.</summary>
    public async Task LetInAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        // Cookies are of a name, whatever its port.
        var cookie = $"replay-harness-{request.Host.Port}";
        if (HttpMethods.IsGet(request.Method) && IsKey(request.Query[Parameter]))
        {
            response.Cookies.Append(cookie, _key, new() { HttpOnly = true, SameSite = SameSiteMode.Strict });
            var rest = QueryString.Create(request.Query.Where(q => q.Key != Parameter));
            response.Redirect($"{request.Scheme}://{request.Host}{request.Path}{rest}");
        }
        else if (IsKey(request.Cookies[cookie]))
            await next(context);
        else
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            response.ContentType = "text/plain";
            await response.WriteAsync("refused: open the address that the command printed, with its key");
        }
    }

    private bool IsKey(string? text) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text ?? ""), Encoding.UTF8.GetBytes(_key));
}
