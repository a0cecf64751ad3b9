using System.Net;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Farm;

/// <summary>The farm as its user sees it: over HTTP, through the load balancer.</summary>
internal sealed class FarmApi(int port) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Where it answers.</summary>
    public string Address { get; } = $"http://127.0.0.1:{port}";

    /// <summary>Waits for a 200 of <paramref name="address"/>; false when the time is over.</summary>
    public async Task<bool> UntilOk(string address, TimeSpan within, TimeProvider time, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < within)
        {
            try
            {
                using var answer = await _http.GetAsync(address, stop);
                if (answer.StatusCode == HttpStatusCode.OK) return true;
            }
            catch (Exception e) when (IsAway(e) && !stop.IsCancellationRequested)
            {
                // It does not listen yet.
            }

            await Task.Delay(Pause, time, stop);
        }

        return false;
    }

    /// <summary>The body of a GET; null when there is no good answer now.</summary>
    public async Task<JsonNode?> Get(string path, CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(Address + path, stop);
            return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop)) : null;
        }
        catch (Exception e) when (IsAway(e) && !stop.IsCancellationRequested)
        {
            // The caller shows that, and asks again.
            return null;
        }
    }

    /// <summary>A POST without a body; whether it was done.</summary>
    public async Task<bool> Post(string path, CancellationToken stop)
    {
        try
        {
            using var answer = await _http.PostAsync(Address + path, null, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsAway(e) && !stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static bool IsAway(Exception e) => e is HttpRequestException or OperationCanceledException or IOException;
}
