using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MiniOrleans.Tests.Hosting;

/// <summary>Where a silo says that it is, and what the section <c>Orleans</c> of the configuration says.</summary>
public sealed class EndpointTests
{
    [Fact, Trait("Section", "1.10")]
    public void An_address_and_a_name_of_this_machine_become_what_others_are_told()
    {
        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.1.2.3"), 1111), Endpoints(silo => silo.ConfigureEndpoints(IPAddress.Parse("10.1.2.3"), 1111, 2222)).Silo);
        Assert.Equal(2222, Endpoints(silo => silo.ConfigureEndpoints(IPAddress.Parse("10.1.2.3"), 1111, 2222)).Gateway.Port);
        Assert.True(IPAddress.IsLoopback(Endpoints(silo => silo.ConfigureEndpoints("localhost", 1111, 2222)).Silo.Address));
        Assert.Equal(AddressFamily.InterNetwork, Endpoints(silo => silo.ConfigureEndpoints(1111, 2222)).Silo.AddressFamily);
    }

    [Fact, Trait("Section", "1.10")]
    public void To_listen_on_any_address_changes_where_it_listens_and_not_what_others_are_told()
    {
        using var host = Hosts.Build(builder => builder.UseOrleans(silo => silo.ConfigureEndpoints(IPAddress.Loopback, 1111, 2222, listenOnAnyHostAddress: true)));

        var options = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;

        Assert.Equal(new IPEndPoint(IPAddress.Any, 1111), options.SiloListeningEndpoint);
        Assert.Equal(new IPEndPoint(IPAddress.Any, 2222), options.GatewayListeningEndpoint);
        Assert.Equal(IPAddress.Loopback, options.AdvertisedIPAddress);
    }

    [Fact, Trait("Section", "1.10")]
    public void The_section_of_the_configuration_is_heard_and_the_code_has_the_last_word()
    {
        using var host = Hosts.Build(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Orleans:Name"] = "north",
                ["Orleans:ClusterId"] = "farm",
                ["Orleans:ServiceId"] = "recorder",
                ["Orleans:Endpoints:AdvertisedIPAddress"] = "10.1.2.3",
                ["Orleans:Endpoints:SiloPort"] = "1111",
                ["Orleans:Endpoints:GatewayPort"] = "2222",
                ["Orleans:Messaging:ResponseTimeout"] = "00:00:07",
            });
            builder.UseOrleans(silo => silo.Configure<ClusterOptions>(options => options.ServiceId = "from code"));
        });

        var details = host.Services.GetRequiredService<ILocalSiloDetails>();
        var cluster = host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;

        Assert.Equal(("north", "farm"), (details.Name, details.ClusterId));
        Assert.Equal("10.1.2.3:1111", details.SiloAddress.Endpoint.ToString());
        Assert.Equal(2222, details.GatewayAddress.Endpoint.Port);
        Assert.Equal(("farm", "from code"), (cluster.ClusterId, cluster.ServiceId));
        Assert.Equal(TimeSpan.FromSeconds(7), host.Services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.ResponseTimeout);
    }

    private static (IPEndPoint Silo, IPEndPoint Gateway) Endpoints(Action<ISiloBuilder> configure)
    {
        using var host = Hosts.Build(builder => builder.UseOrleans(configure));
        var details = host.Services.GetRequiredService<ILocalSiloDetails>();
        return (details.SiloAddress.Endpoint, details.GatewayAddress.Endpoint);
    }
}
