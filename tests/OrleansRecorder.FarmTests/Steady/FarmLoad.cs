using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.Steady;

/// <summary>
/// Clients that read lists, tasks and recordings (whole and in ranges) from a farm all the time and change its configuration, and keep what goes wrong. A request that finds
/// its connection closed, as a server may do with one that idles, is sent anew, once: HTTP allows it for what may be asked twice, and all of these may.
/// </summary>
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
    private int _sentAnew;
    private long _slowestChange;

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

    /// <summary>Requests that found their connection closed.</summary>
    public int SentAnew => _sentAnew;

    /// <summary>How long the slowest save took.</summary>
    public TimeSpan SlowestChange => TimeSpan.FromTicks(Volatile.Read(ref _slowestChange));

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

    // Each time another value, so that there is something to write; it says how things shall be, so it may be asked twice.
    private async Task SaveConfiguration(int n)
    {
        var clock = Stopwatch.StartNew();
        if (await Send(Request, HttpStatusCode.OK, _ => true) is null) return;
        Interlocked.Increment(ref _changes);
        for (var slowest = _slowestChange; slowest < clock.Elapsed.Ticks; slowest = _slowestChange) Interlocked.CompareExchange(ref _slowestChange, clock.Elapsed.Ticks, slowest);

        HttpRequestMessage Request() => new(HttpMethod.Put, "/api/config/global") { Content = new StringContent($$"""{"min_duration_seconds": {{4 + (n % 3)}}}""", Encoding.UTF8, "application/json") };
    }

    private Task<string?> Get(string path, RangeHeaderValue? range, Func<long, bool> isWhole)
    {
        return Send(Request, range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent, isWhole);

        HttpRequestMessage Request() => new(HttpMethod.Get, path) { Headers = { Range = range } };
    }

    private async Task<string?> Send(Func<HttpRequestMessage> newRequest, HttpStatusCode expected, Func<long, bool> isWhole)
    {
        Interlocked.Increment(ref _requests);
        for (var isFirst = true; ; isFirst = false)
        {
            using var request = newRequest();
            var what = $"{request.Method} {request.RequestUri}";
            try
            {
                using var answer = await _http.Client.SendAsync(request, CancellationToken.None);
                var body = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
                if (answer.StatusCode != expected) Fail(what, $"{(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
                else if (!isWhole(body.Length)) Fail(what, $"{body.Length} bytes");
                return answer.StatusCode == HttpStatusCode.OK ? Encoding.UTF8.GetString(body) : null;
            }
            catch (HttpRequestException e) when (isFirst && WasClosedBeforeItWasAnswered(e))
            {
                Interlocked.Increment(ref _sentAnew);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // A failed request is what this client is here to count.
                Fail(what, e.ToString());
                return null;
            }
        }
    }

    // Not a connection that could not be made, and not an answer that broke off.
    private static bool WasClosedBeforeItWasAnswered(HttpRequestException e) => e.StatusCode is null
        && (e.HttpRequestError == HttpRequestError.ResponseEnded || e.InnerException is IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } });

    private void Fail(string what, string reason) => _failures.Enqueue($"{DateTime.Now:HH:mm:ss.fff} {what}: {reason}");
}
