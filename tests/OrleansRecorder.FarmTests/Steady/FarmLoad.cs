using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.Steady;

/// <summary>Clients that read lists, tasks and recordings (whole and in ranges) from a farm all the time and save its configuration, and keep what goes wrong.</summary>
internal sealed class FarmLoad : IAsyncDisposable
{
    private static readonly string[] Lists = ["/api/videos", "/api/timestamps", "/api/tasks", "/api/tasks/status", "/api/config", "/api/scheduler/cycle", "/api/scheduler/status", "/api/nodes"];

    private const int ListReaders = 6;
    private const int RecordingReaders = 4;
    private const int Savers = 2;

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly FarmHttp _http;
    private readonly Task[] _clients;
    private int _requests;
    private int _downloads;
    private int _changes;

    /// <summary>Begins; each client asks again as soon as it has its answer and has breathed.</summary>
    public FarmLoad(FarmHttp http, TimeSpan pause)
    {
        _http = http;
        _clients =
        [
            .. Enumerable.Range(0, ListReaders).Select(client => Repeat(n => ReadLists(n + client), pause)),
            .. Enumerable.Range(0, RecordingReaders).Select(client => Repeat(n => ReadRecording(n + client), pause)),
            .. Enumerable.Range(0, Savers).Select(_ => Repeat(SaveConfiguration, Savers * pause)),
        ];
    }

    /// <summary>What did not succeed, with time and reason.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>All requests.</summary>
    public int Requests => _requests;

    /// <summary>Those that fetched a recording.</summary>
    public int Downloads => _downloads;

    /// <summary>Those that saved the configuration.</summary>
    public int Changes => _changes;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_clients);
        _ending.Dispose();
    }

    private async Task Repeat(Func<int, Task> round, TimeSpan pause)
    {
        for (var n = 0; !_ending.IsCancellationRequested; n++)
        {
            await round(n);
            await Task.Delay(pause, CancellationToken.None);
        }
    }

    private Task ReadLists(int n) => Get(Lists[n % Lists.Length], null, _ => true);

    private async Task ReadRecording(int n)
    {
        if (await Get("/api/videos?limit=50", null, _ => true) is not { } body) return;
        if ((JsonArray)JsonNode.Parse(body)!["videos"]! is not { Count: > 0 } videos) return;
        var video = videos[n % videos.Count]!;
        var size = (int)video["file_size"]!;
        var range = n % 2 == 0 ? null : new RangeHeaderValue(size / 2, size - 1);
        await Get($"/api/video?path={video["full_path"]}", range, length => length == (range is null ? size : size - (size / 2)));
        Interlocked.Increment(ref _downloads);
    }

    // The same again and again, so it may be asked twice.
    private async Task SaveConfiguration(int n)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/config/global") { Content = new StringContent("""{"min_duration_seconds": 5}""", Encoding.UTF8, "application/json") };
        if (await Send(request, HttpStatusCode.OK, _ => true) is not null) Interlocked.Increment(ref _changes);
    }

    private async Task<string?> Get(string path, RangeHeaderValue? range, Func<long, bool> isWhole)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Range = range;
        return await Send(request, range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent, isWhole);
    }

    private async Task<string?> Send(HttpRequestMessage request, HttpStatusCode expected, Func<long, bool> isWhole)
    {
        Interlocked.Increment(ref _requests);
        var what = $"{request.Method} {request.RequestUri}";
        try
        {
            using var answer = await _http.Client.SendAsync(request, CancellationToken.None);
            var body = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            if (answer.StatusCode != expected) Fail(what, $"{(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
            else if (!isWhole(body.Length)) Fail(what, $"{body.Length} bytes");
            return answer.StatusCode == HttpStatusCode.OK ? Encoding.UTF8.GetString(body) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // A failed request is what this client is here to count.
            Fail(what, e.ToString());
            return null;
        }
    }

    private void Fail(string what, string reason) => _failures.Enqueue($"{DateTime.Now:HH:mm:ss.fff} {what}: {reason}");
}
