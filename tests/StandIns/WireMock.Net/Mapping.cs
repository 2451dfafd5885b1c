using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.ResponseProviders;

namespace WireMock.Server;

/// <summary>What a request is answered with, and when.</summary>
public interface IRespondWithAProvider
{
    /// <summary>Lower comes first.</summary>
    IRespondWithAProvider AtPriority(int priority);

    /// <summary>A title.</summary>
    IRespondWithAProvider WithTitle(string title);

    /// <summary>Takes part in a scenario.</summary>
    IRespondWithAProvider InScenario(string scenario);

    /// <summary>Answers only in a state; without it, in the first.</summary>
    IRespondWithAProvider WhenStateIs(string state);

    /// <summary>The state after it.</summary>
    IRespondWithAProvider WillSetStateTo(string state, int? times = 1);

    /// <summary>The response; the mapping then counts.</summary>
    void RespondWith(IResponseProvider provider);
}

internal sealed class Mapping(Request request, Action<Mapping> add) : IRespondWithAProvider
{
    public int Priority { get; private set; }

    public string? Scenario { get; private set; }

    public string? RequiredState { get; private set; }

    public string? NextState { get; private set; }

    public Response Response { get; private set; } = new();

    public bool IsMatch(ReceivedRequest received, IReadOnlyDictionary<string, string?> states) =>
        request.IsMatch(received) && (Scenario is null || states.GetValueOrDefault(Scenario) == RequiredState);

    public IRespondWithAProvider AtPriority(int priority) => With(() => Priority = priority);

    public IRespondWithAProvider WithTitle(string title) => this;

    public IRespondWithAProvider InScenario(string scenario) => With(() => Scenario = scenario);

    public IRespondWithAProvider WhenStateIs(string state) => With(() => RequiredState = state);

    public IRespondWithAProvider WillSetStateTo(string state, int? times = 1) =>
        times == 1 ? With(() => NextState = state) : throw new NotSupportedException("the stand-in changes states at once");

    public void RespondWith(IResponseProvider provider)
    {
        Response = (Response)provider;
        add(this);
    }

    private Mapping With(Action set)
    {
        set();
        return this;
    }
}
