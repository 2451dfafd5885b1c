using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ReplayHarness.Replays.States;

/// <summary>The container of an agent: of all its machinery, only the services that it has made so far.</summary>
internal static class ContainerWalker
{
    private const string ScopeName = "Microsoft.Extensions.DependencyInjection.ServiceLookup.ServiceProviderEngineScope";

    public static Action<object, HeapWalk>? Of(Type type) =>
        type == typeof(ServiceProvider) ? WalkProvider
        : type.FullName == ScopeName ? WalkScope
        : null;

    private static void WalkProvider(object value, HeapWalk walk) => walk.Visit(Read(value, "Root"));

    // Keyed by service type and slot; the order of creation is the agent's own.
    private static void WalkScope(object value, HeapWalk walk)
    {
        if (Read(value, "ResolvedServices") is not IDictionary services)
            return;
        foreach (DictionaryEntry service in services)
        {
            walk.Add(service.Key.ToString());
            walk.Visit(service.Value);
        }
    }

    private static object? Read(object value, string property) =>
        value.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(value);
}
