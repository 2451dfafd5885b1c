using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WireMock.Matchers
{
    /// <summary>Matches a text.</summary>
    public interface IStringMatcher
    {
        /// <summary>Whether a text fits.</summary>
        bool IsMatch(string? input);
    }

    /// <summary>Equal to one of the patterns.</summary>
    public class ExactMatcher(params string[] patterns) : IStringMatcher
    {
        /// <inheritdoc/>
        public bool IsMatch(string? input) => patterns.Contains(input, StringComparer.Ordinal);
    }

    /// <summary>Fits a regular expression.</summary>
    public class RegexMatcher(string pattern, bool ignoreCase = false) : IStringMatcher
    {
        private readonly Regex _regex = new(pattern, ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None, TimeSpan.FromSeconds(1));

        /// <inheritdoc/>
        public bool IsMatch(string? input) => input is not null && _regex.IsMatch(input);
    }

    /// <summary>Fits a pattern in which <c>*</c> stands for anything and <c>?</c> for one character.</summary>
    public class WildcardMatcher(string pattern, bool ignoreCase = false)
        : RegexMatcher("^" + Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".") + "$", ignoreCase);

    /// <summary>Equal as JSON.</summary>
    public class JsonMatcher(object value, bool ignoreCase = false) : IStringMatcher
    {
        private readonly JsonNode? _value =
            value as JsonNode ?? (value is string text ? JsonNode.Parse(text) : JsonSerializer.SerializeToNode(value));

        /// <inheritdoc/>
        public bool IsMatch(string? input)
        {
            if (ignoreCase)
                throw new NotSupportedException("the stand-in compares JSON with its case");
            try
            {
                return JsonNode.DeepEquals(_value, JsonNode.Parse(input ?? ""));
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}

namespace WireMock.Matchers.Request
{
    /// <summary>Matches a request.</summary>
    public interface IRequestMatcher;
}
