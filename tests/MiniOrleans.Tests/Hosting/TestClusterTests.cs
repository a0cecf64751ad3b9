using Microsoft.Extensions.DependencyInjection;
using MiniOrleans.Tests.Calls;
using Orleans.TestingHost;

namespace MiniOrleans.Tests.Hosting;

/// <summary>The older test host, whose configurators are made by type.</summary>
public sealed class TestClusterTests
{
    [Fact, Trait("Section", "1.13")]
    public async Task A_test_cluster_starts_named_silos_configures_them_by_type_and_serves_calls()
    {
        var builder = new TestClusterBuilder(initialSilosCount: 2);
        builder.Properties["answer"] = "from the properties";
        builder.AddSiloBuilderConfigurator<AnswerConfigurator>();
        await using var cluster = builder.Build();
        await cluster.DeployAsync();

        Assert.Equal("Primary", cluster.Primary.Name);
        Assert.Equal(["Secondary_1"], cluster.SecondarySilos.Select(silo => silo.Name));
        Assert.All(cluster.Silos, silo => Assert.Equal("from the properties", cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<Answer>().Text));
        var key = Unique.Key("counter");
        await cluster.Client.GetGrain<ICounterGrain>(key).Increment();
        Assert.Equal(1, await cluster.GrainFactory.GetGrain<ICounterGrain>(key).Value());

        await cluster.StopSiloAsync(cluster.SecondarySilos[0]);
        await Eventually.IsTrue(async () => await cluster.Client.GetGrain<ICounterGrain>(Unique.Key("counter")).Value() == 0);
        await cluster.StopAllSilosAsync();
    }

    private sealed record Answer(string Text);

    private sealed class AnswerConfigurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.Services.AddSingleton(new Answer(siloBuilder.Configuration["answer"] ?? "nothing"));
    }
}
