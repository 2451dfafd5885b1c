using WireMock.Matchers;
using WireMock.Matchers.Request;

namespace WireMock.RequestBuilders;

/// <summary>Says which requests a mapping answers.</summary>
public interface IRequestBuilder : IRequestMatcher
{
    /// <summary>The path is one of these.</summary>
    IRequestBuilder WithPath(params string[] paths);

    /// <summary>The path fits all of these.</summary>
    IRequestBuilder WithPath(params IStringMatcher[] matchers);

    /// <summary>The query has a parameter, with one of these values where there are any.</summary>
    IRequestBuilder WithParam(string key, params string[] values);

    /// <summary>The body is this.</summary>
    IRequestBuilder WithBody(string body);

    /// <summary>The body fits.</summary>
    IRequestBuilder WithBody(IStringMatcher matcher);

    /// <summary>The method is one of these.</summary>
    IRequestBuilder UsingMethod(params string[] methods);

    /// <summary>The method is GET.</summary>
    IRequestBuilder UsingGet();

    /// <summary>The method is POST.</summary>
    IRequestBuilder UsingPost();

    /// <summary>Any method.</summary>
    IRequestBuilder UsingAnyMethod();
}

/// <summary>Builds one.</summary>
public class Request : IRequestBuilder
{
    private readonly List<Func<ReceivedRequest, bool>> _conditions = [];

    /// <summary>Begins with no condition.</summary>
    public static IRequestBuilder Create() => new Request();

    /// <inheritdoc/>
    public IRequestBuilder WithPath(params string[] paths) => And(r => paths.Any(p => new WildcardMatcher(p).IsMatch(r.Path)));

    /// <inheritdoc/>
    public IRequestBuilder WithPath(params IStringMatcher[] matchers) => And(r => matchers.All(m => m.IsMatch(r.Path)));

    /// <inheritdoc/>
    public IRequestBuilder WithParam(string key, params string[] values) =>
        And(r => r.Query.TryGetValue(key, out var found) && (values.Length == 0 || values.Contains(found)));

    /// <inheritdoc/>
    public IRequestBuilder WithBody(string body) => WithBody(new ExactMatcher(body));

    /// <inheritdoc/>
    public IRequestBuilder WithBody(IStringMatcher matcher) => And(r => matcher.IsMatch(r.Body));

    /// <inheritdoc/>
    public IRequestBuilder UsingMethod(params string[] methods) => And(r => methods.Contains(r.Method, StringComparer.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public IRequestBuilder UsingGet() => UsingMethod("GET");

    /// <inheritdoc/>
    public IRequestBuilder UsingPost() => UsingMethod("POST");

    /// <inheritdoc/>
    public IRequestBuilder UsingAnyMethod() => this;

    internal bool IsMatch(ReceivedRequest request) => _conditions.TrueForAll(c => c(request));

    internal Request And(Func<ReceivedRequest, bool> condition)
    {
        _conditions.Add(condition);
        return this;
    }
}

internal sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, string Body);
