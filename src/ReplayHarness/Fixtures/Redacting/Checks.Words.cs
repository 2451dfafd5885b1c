namespace ReplayHarness.Fixtures.Redacting;

/// <content>Words that are no values.</content>
internal static partial class Checks
{
    private static readonly HashSet<string> s_placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "null",
        "none",
        "true",
        "false",
        "string",
        "required",
        "optional",
        "number",
        "object",
        "undefined",
        "redacted",
        "oauth2",
        "oauth1",
        "sha1",
        "sha256",
        "sha512",
        "hs256",
        "rs256",
        "es256",
        "base64",
        "hidden",
        "reset",
        "changed",
        "missing",
        "invalid",
        "expired",
        "length",
        "type",
        "input",
        "field",
        "password",
        "secret",
        "token",
    };

    private static readonly HashSet<string> s_prose = new(StringComparer.OrdinalIgnoreCase)
    {
        "must",
        "is",
        "was",
        "the",
        "a",
        "an",
        "should",
        "cannot",
        "not",
        "has",
        "have",
        "at",
        "and",
        "or",
        "for",
        "of",
        "your",
        "their",
        "with",
        "only",
        "please",
        "enter",
        "too",
        "incorrect",
        "wrong",
        "correct",
        "str",
        "text",
        "bool",
        "int",
        "any",
        "from",
        "getpass",
        "self",
        "env",
        "bearer",
        "basic",
        "empty",
        "unset",
        "yes",
        "no",
        "nil",
        "username",
        "email",
        "name",
        "user",
        "key",
        "value",
    };

    private static readonly HashSet<string> s_particles = new(StringComparer.Ordinal)
    {
        "von",
        "van",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "la",
        "le",
        "el",
        "bin",
        "ibn",
        "al",
        "y",
        "e",
        "zu",
        "af",
        "ten",
    };

    private static readonly HashSet<string> s_offices = new(StringComparer.OrdinalIgnoreCase)
    {
        "team",
        "support",
        "service",
        "services",
        "desk",
        "department",
        "office",
        "inc",
        "inc.",
        "gmbh",
        "ltd",
        "ltd.",
        "llc",
        "ag",
        "corp",
        "company",
        "group",
        "bank",
        "system",
        "admin",
        "administrator",
        "bot",
        "agent",
        "assistant",
        "sales",
        "billing",
        "helpdesk",
        "unknown",
        "customer",
        "user",
        "test",
        "name",
        "default",
        "guest",
        "anonymous",
        "string",
        "server",
        "tool",
        "model",
        "api",
        "order",
        "item",
    };

    private static readonly HashSet<string> s_machineUsers = new(StringComparer.OrdinalIgnoreCase)
    {
        "root",
        "runner",
        "app",
        "ubuntu",
        "vscode",
        "node",
        "public",
        "default",
        "shared",
        "user",
        "jovyan",
        "appuser",
        "nonroot",
        "circleci",
        "admin",
        "Shared",
        "runneradmin",
    };

    private static readonly HashSet<string> s_titles = new(
        "Mr Mrs Ms Miss Dr Prof Sir Herr Frau Dipl Ing Sr Sra Señor Señora Mme Mlle Monsieur Madame Signor Signora".Split(' '),
        StringComparer.Ordinal
    );

    // What titles of tools begin with: Find Order.
    private static readonly HashSet<string> s_verbs = new(
        (
            "add approve book call cancel change check close copy count create delete export fetch find get import list load look lookup "
            + "make move notify open order print process query read refund remove rename run save search select send set show start stop "
            + "submit sync update upload validate verify view write"
        ).Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    // Names that are words, or places, or products, too.
    private static readonly HashSet<string> s_nameWords = new(
        (
            "amber april archer armour august austin autumn ball banks bass bean bell berlin best bill bird bishop black bloom bond "
            + "brook brooks brown buck bull bush buddy case chance charm chase child china chip church cliff cloud cole cook cotton "
            + "crane crow crystal daisy dale dallas dawn dean drake drew duke earl east english field fields finger fish fisher "
            + "florence foot ford forest fort fox frank free freeman french friend frost gates gene georgia german ginger glass glen "
            + "gold golden good grace grant gray green grey hale hall hand hardy harm hart head heath hill holiday hope house houston "
            + "hunt hunter iris jack jackson jade jewel jordan judge july june keen keys king knight lake lamb lane large law lily "
            + "lincoln little lock london long lord love madison major mann march mark marks marsh mason mercy miles mills moon moss "
            + "nick noble north olive page paris park parks pass patch peace pearl penny pepper pike pitt place pool pope post power "
            + "powers price prince queen read reed rice rich river rivers road robin root rose ruby rush sage sale sand sandy savage "
            + "self sharp short silver skinner small smart snow south speed spring star start stern still stone storm street strong "
            + "summer summers swan swift sydney temple test tower town trail violet virginia wall walls ward waters weeks wells west "
            + "white wild will wills winter winters wise wolf wood woods words worth yard young"
        ).Split(' '),
        StringComparer.OrdinalIgnoreCase
    );
}
