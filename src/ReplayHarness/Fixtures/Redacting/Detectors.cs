using System.Text.RegularExpressions;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>
/// Every detector, in the order they are applied: what is most certain first. To add one, write a pattern and a line here.
/// </summary>
internal static partial class Detectors
{
    // What comes before a sign that may be missing has a most length or begins where nothing of its kind stands before it: otherwise each
    // character of a long text would be the start of another search through the rest of it.

    // A quote, however it is escaped and how often: JSON stands in strings of JSON.
    private const string Quote = """(?:\\*(?:["']|(?<=\\)u002[27]))""";

    private const string Says = Quote + @"?\s*(?:[:=]|=>)\s*";

    private const string Label = Says + Quote + "?";

    public static IReadOnlyList<Detector> All { get; } =
    [
        new("private-key", PrivateKey(), static t => t.Contains("PRIVATE KEY", StringComparison.Ordinal)),
        new("jwt", Jwt(), static t => t.Contains("eyJ", StringComparison.Ordinal)),
        new("url-credentials", UrlCredentials(), static t => t.Contains("://", StringComparison.Ordinal)),
        new("webhook", Webhook(), static t => t.Contains("hook", StringComparison.OrdinalIgnoreCase)),
        new(
            "authorization",
            Authorization(),
            static t => t.Contains("Bearer", StringComparison.OrdinalIgnoreCase) || t.Contains("Basic", StringComparison.OrdinalIgnoreCase)
        ),
        new("cookie", Cookie(), static t => t.Contains("cookie", StringComparison.OrdinalIgnoreCase)),
        new("api-key", ApiKey()),
        new(
            "password",
            Password(),
            static t => t.Contains("pw", StringComparison.OrdinalIgnoreCase) || t.Contains("pass", StringComparison.OrdinalIgnoreCase),
            Checks.IsPassword
        ),
        new("secret", Secret(), KeyLike.MayHold, Checks.IsSecret),
        new("email", Email(), static t => t.Contains('@', StringComparison.Ordinal)),
        new("iban", Iban(), null, Checks.IsIban),
        new("card-number", CardNumber(), null, Checks.IsCard),
        new("phone", Phone(), static t => t.Any(char.IsAsciiDigit), Checks.IsPhone),
        new(
            "ip-address",
            IpAddress(),
            static t => t.Contains('.', StringComparison.Ordinal) || t.Contains(':', StringComparison.Ordinal),
            Checks.IsAddress
        ),
        new("name", Name(), KeyLike.MayName, Checks.IsName),
        new(
            "user-folder",
            UserFolder(),
            static t => t.Contains("home", StringComparison.Ordinal) || t.Contains("Users", StringComparison.Ordinal),
            Checks.IsUser
        ),
    ];

    // A key goes on to its end, or to where the next one begins: one that has no end is not looked for through all of the text.
    [GeneratedRegex(
        "-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----BEGIN ).)*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=-----BEGIN "
            + "[A-Z ]*PRIVATE KEY-----))",
        RegexOptions.Singleline
    )]
    private static partial Regex PrivateKey();

    // First whether the run has the three parts at all, once; only then where in it the first part begins.
    [GeneratedRegex(
        @"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8})[A-Za-z0-9_-]*?"
            + @"(?<secret>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})"
    )]
    private static partial Regex Jwt();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{0,30}://[^\s/:@""'\\]*:(?<secret>[^\s/:@""'\\]{2,})@", RegexOptions.IgnoreCase)]
    private static partial Regex UrlCredentials();

    [GeneratedRegex(
        @"\bhooks?\.slack\.com/services/(?<secret>[A-Z0-9]{6,}/[A-Z0-9]{6,}/[A-Za-z0-9]{16,})"
            + @"|\bdiscord(?:app)?\.com/api/webhooks/(?<secret>\d{12,}/[A-Za-z0-9_-]{30,})"
    )]
    private static partial Regex Webhook();

    [GeneratedRegex(@"\b(?:Bearer|Basic|Token)\s+(?<secret>(?=[^\s""'\\]*[0-9=+/_.-])[A-Za-z0-9._~+/-]{10,}=*)", RegexOptions.IgnoreCase)]
    private static partial Regex Authorization();

    [GeneratedRegex(@"(?<![A-Za-z])(?:set-)?cookie" + Label + @"[A-Za-z0-9_.-]+=(?<secret>[^\s;,""'\\]{8,})", RegexOptions.IgnoreCase)]
    private static partial Regex Cookie();

    [GeneratedRegex(
        @"\b(?:sk-[A-Za-z0-9_-]{16,}|(?:sk|rk|pk|whsec)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9]{16,}|(?:AKIA"
            + @"|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}"
            + @"|xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z_-]{20,}"
            + @"|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}"
            + @"|dop_v1_[a-f0-9]{40,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{30,}|key-[a-f0-9]{32}|r8_[A-Za-z0-9]{30,}"
            + @"|gsk_[A-Za-z0-9]{30,}|lsv2_[a-z]{2}_[a-f0-9_]{30,}|pcsk_[A-Za-z0-9_]{30,}|AC[a-f0-9]{32}"
            + @"|\d{8,10}:AA[A-Za-z0-9_-]{32,})"
    )]
    private static partial Regex ApiKey();

    // Between quotes it may be several words.
    [GeneratedRegex(
        @"(?:password|passwd|passphrase|pwd)"
            + Says
            + "(?:"
            + Quote
            + @"(?<secret>[^""'\\\r\n]{3,128})(?="
            + Quote
            + ")|"
            + Quote
            + @"?(?<secret>[^\s""'\\;,&}\])]{3,}))",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Password();

    [GeneratedRegex(
        @"(?:api[_-]?key|secret|(?:access|auth|refresh|id|session|bearer|csrf|security)[_-]?token|(?<![A-Za-z])token"
            + @"|private[_-]?key|credential|(?:account|shared ?access|subscription|encryption|signing)[_-]?key"
            + @"|(?<![A-Za-z])sig|signature)[A-Za-z_-]{0,12}"
            + Label
            + @"(?<secret>[^\s""'\\;,&}\])(<>]{6,})",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Secret();

    [GeneratedRegex(@"\b[A-Za-z0-9._%+-]{1,128}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")]
    private static partial Regex Email();

    [GeneratedRegex(@"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")]
    private static partial Regex Iban();

    [GeneratedRegex(
        @"(?<![\w.-])[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}(?![\w.-]*\w)|(?<![\w.-])3[47]\d{2}([ -]?)\d{6}\2\d{5}(?![\w.-]*\w)"
    )]
    private static partial Regex CardNumber();

    [GeneratedRegex(
        @"(?<![\w.+-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}|\(\d{3}\) ?\d{3}-\d{4}"
            + @"|\d{3}-\d{3}-\d{4})(?![\w-])|(?:phone|mobile|tel)[A-Za-z_]{0,10}"
            + Label
            + @"(?<secret>\+?[\d(][\d ().-]{6,18}\d)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Phone();

    [GeneratedRegex(
        @"(?<![\w.:-])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,6}"
            + @"|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4})(?![\w.:-]*\w)(?=$|[^.\w]|:\d{1,5}\b|\.(?:\s|$))",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex IpAddress();

    [GeneratedRegex(
        @"(?:(?:customer|full|first|last|given|family|contact|patient|employee|account[_-]?holder|card[_-]?holder|sender"
            + @"|recipient|sur)[_-]?(?:name)|display_name)"
            + Quote
            + @"?\s*[:=]\s*"
            + Quote
            + @"(?<secret>\p{Lu}[\p{L}'.-]*(?: \p{Lu}[\p{L}'.-]*){0,3})(?=\\*(?:[""']|u002[27]))",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Name();

    [GeneratedRegex(@"(?:/home/|/Users/|(?<!\\)\\+Users\\+)(?<secret>[A-Za-z0-9._-]{2,})(?=[/\\])")]
    private static partial Regex UserFolder();
}
