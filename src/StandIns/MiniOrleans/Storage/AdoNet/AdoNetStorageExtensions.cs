using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Adds storage providers that keep grain state in a relational database.</summary>
public static class AdoNetStorageExtensions
{
    /// <summary>Storage in a database under a name.</summary>
    public static ISiloBuilder AddAdoNetGrainStorage(this ISiloBuilder builder, string name, Action<AdoNetGrainStorageOptions> configureOptions) =>
        AddAdoNetGrainStorage(builder, name, options => options.Configure(configureOptions));

    /// <summary>Storage in a database under a name.</summary>
    public static ISiloBuilder AddAdoNetGrainStorage(this ISiloBuilder builder, string name, Action<OptionsBuilder<AdoNetGrainStorageOptions>>? configureOptions = null)
    {
        configureOptions?.Invoke(builder.Services.AddOptions<AdoNetGrainStorageOptions>(name));
        StorageProviders.Add(builder.Services, name, Create);
        builder.Services.AddSingleton(services => new StartupTask(
            Options(services, name).InitStage,
            (_, _) => ((AdoNetGrainStorage)services.GetRequiredKeyedService<IGrainStorage>(name)).Initialize()));
        return builder;
    }

    /// <summary>Storage in a database for states that name no provider.</summary>
    public static ISiloBuilder AddAdoNetGrainStorageAsDefault(this ISiloBuilder builder, Action<AdoNetGrainStorageOptions> configureOptions) =>
        AddAdoNetGrainStorage(builder, StorageProviders.DefaultName, configureOptions);

    /// <summary>Storage in a database for states that name no provider.</summary>
    public static ISiloBuilder AddAdoNetGrainStorageAsDefault(this ISiloBuilder builder, Action<OptionsBuilder<AdoNetGrainStorageOptions>>? configureOptions = null) =>
        AddAdoNetGrainStorage(builder, StorageProviders.DefaultName, configureOptions);

    private static AdoNetGrainStorage Create(IServiceProvider services, string name)
    {
        var options = Options(services, name);
        return new(name, services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId, options, StorageProviders.SerializerFor(services, name, options));
    }

    private static AdoNetGrainStorageOptions Options(IServiceProvider services, string name) => services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(name);
}
