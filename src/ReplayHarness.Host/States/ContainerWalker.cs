using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ReplayHarness.Host.States;

/// <summary>The container of an agent: of all its machinery, only the services that it was given, or has made so far.</summary>
internal static class ContainerWalker
{
    private static readonly ContainerParts s_names = RuntimeParts.Current.Container;
    private static readonly PropertyInfo s_root = RuntimeParts.Property(typeof(ServiceProvider), s_names.Root);
    private static readonly PropertyInfo s_factory = RuntimeParts.Property(typeof(ServiceProvider), s_names.Factory);
    private static readonly FieldInfo s_registered = RuntimeParts.Field(s_factory.PropertyType, s_names.Registered);
    private static readonly FieldInfo s_recipes = RuntimeParts.Field(s_factory.PropertyType, s_names.Recipes);
    private static readonly PropertyInfo s_scoped = RuntimeParts.Property(s_root.PropertyType, s_names.Scoped);
    private static readonly Type s_recipe = s_recipes.FieldType.GetGenericArguments()[1];
    private static readonly PropertyInfo s_service = RuntimeParts.Property(s_recipe, s_names.Service);
    private static readonly PropertyInfo s_singleton = RuntimeParts.Property(s_recipe, s_names.Singleton);

    public static Action<object, HeapWalk>? Of(Type type) =>
        type == typeof(ServiceProvider) ? WalkProvider
        : type.FullName == s_names.ScopeType ? WalkScope
        : null;

    // A table of recipes has no order of its own.
    private static void WalkProvider(object value, HeapWalk walk)
    {
        var factory = s_factory.GetValue(value);
        foreach (var service in (ServiceDescriptor[])s_registered.GetValue(factory)!)
            if ((service.IsKeyedService ? service.KeyedImplementationInstance : service.ImplementationInstance) is { } instance)
                walk.Visit(instance);
        var recipes = (IDictionary)s_recipes.GetValue(factory)!;
        var made =
            from recipe in recipes.Values.Cast<object>()
            let singleton = s_singleton.GetValue(recipe)
            where singleton is not null
            orderby NameOf((Type)s_service.GetValue(recipe)!), NameOf(singleton.GetType())
            select singleton;
        foreach (var singleton in made)
            walk.Visit(singleton);
        walk.Visit(s_root.GetValue(value));
    }

    // Keyed by service type and slot; the order of creation is the agent's own.
    private static void WalkScope(object value, HeapWalk walk)
    {
        foreach (DictionaryEntry service in (IDictionary)s_scoped.GetValue(value)!)
        {
            walk.Add(service.Key.ToString());
            walk.Visit(service.Value);
        }
    }

    private static string NameOf(Type type) => type.FullName ?? type.Name;
}
