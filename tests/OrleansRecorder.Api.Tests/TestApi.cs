using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NSubstitute;
using OrleansRecorder.Api.Fakes;
using OrleansRecorder.Archive;
using OrleansRecorder.Configuration;
using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api;

/// <summary>The API on a real Kestrel and a free port, over grains in memory. Its clocks show China's time.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApi(WebApplication app, FakeConfig config, FakeCycle cycle, FakeArchive[] archives)
    {
        _app = app;
        Config = config;
        Cycle = cycle;
        Archives = archives;
        Http = NewClient();
    }

    public FakeConfig Config { get; }

    public FakeCycle Cycle { get; }

    /// <summary>By node; node <c>n</c> is called <c>node-n</c>, from 1.</summary>
    public FakeArchive[] Archives { get; }

    /// <summary>The only node's.</summary>
    public FakeArchive Archive => Archives[0];

    /// <summary>What can be asked of nodes.</summary>
    public required FakeNodes Nodes { get; init; }

    public HttpClient Http { get; }

    public Uri Address => new(_app.Urls.First());

    public static async Task<TestApi> Start(int nodes = 1, Action<ApiOptions>? configure = null, Action<string>? logger = null, params (string Key, string Value)[] settings)
    {
        var config = new FakeConfig();
        var cycle = new FakeCycle();
        var archives = Enumerable.Range(0, nodes).Select(_ => new FakeArchive()).ToArray();
        var names = Enumerable.Range(1, nodes).Select(n => $"node-{n}").ToArray();

        var cluster = Substitute.For<IClusterClient>();
        cluster.GetGrain<IConfigGrain>(IConfigGrain.Key).Returns(config);
        cluster.GetGrain<ICycleGrain>(ICycleGrain.Key).Returns(cycle);
        foreach (var (name, archive) in names.Zip(archives)) cluster.GetGrain<IArchiveGrain>(name).Returns(archive);
        var nodeGrains = new FakeNodes();
        cluster.GetGrain<INodeGrain>(Arg.Any<string>()).Returns(call => nodeGrains.Of(call.Arg<string>()));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logger is not null) builder.Logging.AddProvider(new ErrorLog(logger));
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value)));
        builder.Services.AddSingleton(cluster);
        builder.Services.AddSingleton<TimeProvider>(new ChinaTime());
        builder.Services.AddRecorderApi(options =>
        {
            options.NodeNames = names;
            options.NodeDeadline = TimeSpan.FromMilliseconds(300);
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapRecorderApi();
        await app.StartAsync();
        return new TestApi(app, config, cycle, archives) { Nodes = nodeGrains };
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };

    /// <inheritdoc cref="ApiClient.Ask"/>
    public Task<JsonObject> Ask(HttpMethod method, string path, HttpStatusCode expected = HttpStatusCode.OK, string? body = null, string? language = null) =>
        new ApiClient(Http).Ask(method, path, expected, body, language);

    /// <inheritdoc cref="ApiClient.Get"/>
    public Task<JsonObject> Get(string path, string? language = null) => new ApiClient(Http).Get(path, language);

    /// <inheritdoc cref="ApiClient.Fail"/>
    public Task<JsonObject> Fail(HttpMethod method, string path, HttpStatusCode expected, string? body = null, string? language = null) =>
        new ApiClient(Http).Fail(method, path, expected, body, language);

    /// <summary>Stops the host as SIGTERM does.</summary>
    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class ChinaTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("China", TimeSpan.FromHours(8), "China", "China");
    }
}
