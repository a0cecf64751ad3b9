using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Adds storage providers.</summary>
public static class StorageExtensions
{
    /// <summary>Storage in memory under a name.</summary>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name, Action<MemoryGrainStorageOptions> configureOptions) =>
        AddMemoryGrainStorage(builder, name, options => options.Configure(configureOptions));

    /// <summary>Storage in memory under a name.</summary>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null)
    {
        configureOptions?.Invoke(builder.Services.AddOptions<MemoryGrainStorageOptions>(name));
        StorageProviders.Add(builder.Services, name, MemoryGrainStorage.Create);
        return builder;
    }

    /// <summary>Storage in memory for states that name no provider.</summary>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder, Action<MemoryGrainStorageOptions> configureOptions) =>
        AddMemoryGrainStorage(builder, StorageProviders.DefaultName, configureOptions);

    /// <summary>Storage in memory for states that name no provider.</summary>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null) =>
        AddMemoryGrainStorage(builder, StorageProviders.DefaultName, configureOptions);

    /// <summary>Stores states with System.Text.Json.</summary>
    public static ISiloBuilder UseSystemTextJsonGrainStorageSerializer(this ISiloBuilder siloBuilder)
    {
        siloBuilder.Services.Replace(ServiceDescriptor.Singleton<IGrainStorageSerializer>(new JsonGrainStorageSerializer(includeFields: false)));
        return siloBuilder;
    }
}
