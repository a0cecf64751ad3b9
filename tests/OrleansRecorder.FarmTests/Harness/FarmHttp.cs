using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>Speaks to an API, or to the load balancer.</summary>
internal sealed class FarmHttp(int port) : IDisposable
{
    /// <summary>For requests of other shapes than those below.</summary>
    public HttpClient Client { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The body of a GET, which must answer 200.</summary>
    public async Task<JsonNode> Get(string path)
    {
        using var answer = await Client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"GET {path}: {(int)answer.StatusCode} {text}");
    }

    /// <summary>The body of a POST without one, which must succeed.</summary>
    public async Task<JsonNode> Post(string path)
    {
        using var answer = await Client.PostAsync(path, null);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {text}");
    }

    /// <summary>The status of a GET; null when nobody answers.</summary>
    public async Task<HttpStatusCode?> Status(string path)
    {
        try
        {
            using var answer = await Client.GetAsync(path);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>
    /// Asks four times a second until the answer satisfies. What fails on the way is asked again: a farm under test may be away for a while. Throws
    /// <see cref="TimeoutException"/> with the last answer otherwise.
    /// </summary>
    public async Task<JsonNode> Until(string path, Func<JsonNode, bool> satisfies, int seconds = 120)
    {
        var clock = Stopwatch.StartNew();
        var last = "nothing";
        while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            try
            {
                var answer = await Get(path);
                if (satisfies(answer)) return answer;
                last = answer.ToJsonString();
            }
            catch (Exception e) when (e is InvalidOperationException or HttpRequestException or TaskCanceledException)
            {
                last = e.Message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250));
        }

        throw new TimeoutException($"after {seconds} s {path} still is {last}");
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}
