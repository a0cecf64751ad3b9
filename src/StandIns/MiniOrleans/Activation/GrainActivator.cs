using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Makes grain objects: facets from their attributes, everything else from the activation's scope.</summary>
internal static class GrainActivator
{
    public static Func<ActivationData, object> For(Type grainClass)
    {
        var constructor = grainClass.GetConstructors().OrderByDescending(candidate => candidate.GetParameters().Length).FirstOrDefault()
            ?? throw new InvalidOperationException($"{grainClass} has no public constructor.");
        var facets = constructor.GetParameters().Where(parameter => parameter.IsDefined(typeof(PersistentStateAttribute))).Select(PersistentStateFacet.For).ToArray();
        var factory = ActivatorUtilities.CreateFactory(grainClass, [.. facets.Select(facet => facet.Type)]);
        return activation => factory(activation.ActivationServices, [.. facets.Select(facet => facet.Create(activation))]);
    }
}
