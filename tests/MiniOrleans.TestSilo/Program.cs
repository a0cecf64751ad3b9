using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniOrleans.TestSilo;

// Prints "ready <address>" once the silo serves, and "sees <n>" whenever it knows of another number of active silos; SIGTERM stops it gracefully, the end of its input at once, so that no silo outlives its test.
var settings = SiloSettings.Read(args);
var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Args = args });
builder.Configuration["Cluster:Secret"] = settings.Secret;
builder.Logging.SetMinimumLevel(LogLevel.Information).AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "HH:mm:ss.fff ";
});
builder.UseOrleans(silo => SiloSetup.Configure(silo, settings));
using var host = builder.Build();
_ = Task.Run(() =>
{
    while (Console.In.ReadLine() is not null)
    {
        // Nothing is asked this way; its end is what counts.
    }

    Environment.Exit(3);
});
try
{
    await host.StartAsync();
}
catch (Exception exception)
{
    Say.Line($"failed {exception.GetType().Name} {exception.Message}");
    return 1;
}

Say.Line($"ready {SiloSetup.AddressOf(host)}");
_ = Task.Run(async () =>
{
    await foreach (var members in host.Services.GetRequiredService<IClusterMembershipService>().MembershipUpdates)
        Say.Line($"sees {members.Members.Values.Count(member => member.Status == SiloStatus.Active)}");
});
await host.WaitForShutdownAsync();
Say.Line("stopped");
return 0;
