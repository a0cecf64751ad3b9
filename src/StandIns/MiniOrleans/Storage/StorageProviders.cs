using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Storage;

/// <summary>Storage providers are keyed services under their names; the default one is also there without a key.</summary>
internal static class StorageProviders
{
    public const string DefaultName = "Default";

    public static void Add(IServiceCollection services, string name, Func<IServiceProvider, string, IGrainStorage> create)
    {
        services.AddKeyedSingleton(name, (provider, _) => create(provider, name));
        if (name == DefaultName) services.AddSingleton(provider => provider.GetRequiredKeyedService<IGrainStorage>(DefaultName));
    }

    /// <summary>The first of: the option, the keyed service of the provider's name, the silo's.</summary>
    public static IGrainStorageSerializer SerializerFor(IServiceProvider services, string name, IStorageProviderSerializerOptions options) =>
        options.GrainStorageSerializer ?? services.GetKeyedService<IGrainStorageSerializer>(name) ?? services.GetRequiredService<IGrainStorageSerializer>();
}
