using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Wire;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// Puts the mocked model at the end of every chain of clients that the agent has registered, and leaves what stands around it. The client
/// of a provider whose requests are known stays too: they are answered over HTTP.
/// </summary>
/// <param name="carrier">Carries the model's answers.</param>
internal sealed class ModelLeaf(KernelCarrier carrier)
{
    /// <summary>Replaces the end of what is registered, keyed or not; where nothing is, the mocked model alone is registered.</summary>
    public void Replace(IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
            if (services[i].ServiceType == typeof(IChatClient))
                services[i] = WithLeaf(services[i]);
        var mock = new ModelBoundary(carrier);
        services.AddSingleton(mock);
        if (!services.Any(d => d.ServiceType == typeof(IChatClient) && !d.IsKeyedService))
            services.AddSingleton<IChatClient>(mock);
    }

    private ServiceDescriptor WithLeaf(ServiceDescriptor registered) =>
        registered.IsKeyedService
            ? new(
                registered.ServiceType,
                registered.ServiceKey,
                (services, key) => WithLeaf(() => Resolve(services, key, registered), $" \"{key}\""),
                registered.Lifetime
            )
            : new(registered.ServiceType, services => WithLeaf(() => Resolve(services, registered), ""), registered.Lifetime);

    // What cannot even be made here, for want of a key of the provider's, cannot be kept.
    [SuppressMessage("Design", "CA1031", Justification = "whatever it fails with, the replay needs no client of the provider's")]
    private IChatClient WithLeaf(Func<IChatClient> make, string key)
    {
        IChatClient client;
        try
        {
            client = make();
        }
        catch (Exception e)
        {
            carrier.NoteReplaced($"the model{key} that is registered could not be made here ({WordsOf(e)}); a mock stands for it, bare");
            return new ModelBoundary(carrier);
        }
        return WithLeaf(client, key);
    }

    private static string WordsOf(Exception error) => $"{error.GetType().Name}: {error.Message.TrimEnd('.')}";

    private IChatClient WithLeaf(IChatClient client, string key)
    {
        if (client is not DelegatingChatClient outer)
            return Leaf(client, key);
        try
        {
            while (InnerOf(outer) is DelegatingChatClient inner)
                outer = inner;
            InnerOf(outer) = Leaf(InnerOf(outer), key);
            return client;
        }
        catch (MissingFieldException)
        {
            carrier.NoteReplaced(
                $"what stands around the model{key} cannot be kept with this version of its library; a mock stands for it"
            );
            return new ModelBoundary(carrier);
        }
    }

    private IChatClient Leaf(IChatClient leaf, string key)
    {
        var provider = leaf.GetService<ChatClientMetadata>();
        if (leaf is not ModelBoundary && provider?.ProviderName is { } name && WireFormats.IsProvider(name))
            return leaf;
        if (leaf is not ModelBoundary)
            carrier.NoteReplaced($"the model's mock stands for {leaf.GetType().Name}{key}, at the end of what is registered around it");
        return new ModelBoundary(carrier, provider);
    }

    private static IChatClient Resolve(IServiceProvider services, ServiceDescriptor registered) =>
        (IChatClient)(
            registered.ImplementationInstance
            ?? registered.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!)
        );

    private static IChatClient Resolve(IServiceProvider services, object? key, ServiceDescriptor registered) =>
        (IChatClient)(
            registered.KeyedImplementationInstance
            ?? registered.KeyedImplementationFactory?.Invoke(services, key)
            ?? ActivatorUtilities.CreateInstance(services, registered.KeyedImplementationType!)
        );

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<InnerClient>k__BackingField")]
    private static extern ref IChatClient InnerOf(DelegatingChatClient client);
}
