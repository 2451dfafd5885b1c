using System.Text.Json;
using WireMock.ResponseProviders;

namespace WireMock.ResponseProviders
{
    /// <summary>Gives the response of a mapping.</summary>
    public interface IResponseProvider;
}

namespace WireMock.ResponseBuilders
{
    /// <summary>What goes wrong with a response.</summary>
    public enum FaultType
    {
        /// <summary>Nothing.</summary>
        NONE,

        /// <summary>The connection is closed without a byte.</summary>
        EMPTY_RESPONSE,

        /// <summary>The status, then what is no part of a response.</summary>
        MALFORMED_RESPONSE_CHUNK,
    }

    /// <summary>Says what a mapping answers.</summary>
    public interface IResponseBuilder : IResponseProvider
    {
        /// <summary>The status.</summary>
        IResponseBuilder WithStatusCode(int code);

        /// <summary>A header.</summary>
        IResponseBuilder WithHeader(string name, params string[] values);

        /// <summary>The body.</summary>
        IResponseBuilder WithBody(string body, string? destination = null, System.Text.Encoding? encoding = null);

        /// <summary>The body as JSON.</summary>
        IResponseBuilder WithBodyAsJson(object body, System.Text.Encoding? encoding = null, bool? indented = null);

        /// <summary>A pause before the response.</summary>
        IResponseBuilder WithDelay(TimeSpan delay);

        /// <summary>A pause before the response, in milliseconds.</summary>
        IResponseBuilder WithDelay(int milliseconds);

        /// <summary>What goes wrong.</summary>
        IResponseBuilder WithFault(FaultType faultType, double? percentage = null);
    }

    /// <summary>Builds one.</summary>
    public class Response : IResponseBuilder
    {
        internal int Status { get; private set; } = 200;

        internal Dictionary<string, string[]> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

        internal string Body { get; private set; } = "";

        internal TimeSpan Delay { get; private set; }

        internal FaultType Fault { get; private set; }

        /// <summary>Begins with an empty 200.</summary>
        public static IResponseBuilder Create() => new Response();

        /// <inheritdoc/>
        public IResponseBuilder WithStatusCode(int code) => With(() => Status = code);

        /// <inheritdoc/>
        public IResponseBuilder WithHeader(string name, params string[] values) => With(() => Headers[name] = values);

        /// <inheritdoc/>
        public IResponseBuilder WithBody(string body, string? destination = null, System.Text.Encoding? encoding = null) =>
            With(() => Body = body);

        /// <inheritdoc/>
        public IResponseBuilder WithBodyAsJson(object body, System.Text.Encoding? encoding = null, bool? indented = null) =>
            With(() =>
            {
                Body = JsonSerializer.Serialize(body);
                Headers.TryAdd("Content-Type", ["application/json"]);
            });

        /// <inheritdoc/>
        public IResponseBuilder WithDelay(TimeSpan delay) => With(() => Delay = delay);

        /// <inheritdoc/>
        public IResponseBuilder WithDelay(int milliseconds) => WithDelay(TimeSpan.FromMilliseconds(milliseconds));

        /// <inheritdoc/>
        public IResponseBuilder WithFault(FaultType faultType, double? percentage = null) => With(() => Fault = faultType);

        private Response With(Action set)
        {
            set();
            return this;
        }
    }
}
