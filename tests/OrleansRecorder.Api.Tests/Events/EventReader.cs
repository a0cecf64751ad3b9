using System.Text.Json.Nodes;

namespace OrleansRecorder.Api.Events;

/// <summary>Reads a stream of server-sent events as a browser does.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader text) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<EventReader> Open(HttpClient http, string? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        if (language is not null) request.Headers.Add("Accept-Language", language);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<(string Name, JsonObject Data)?> Next()
    {
        var (name, data) = ("message", "");
        while (await text.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("event: ")) name = line[7..];
            if (line.StartsWith("data: ")) data = line[6..];
            if (line.Length == 0 && data.Length > 0) return (name, JsonNode.Parse(data)!.AsObject());
        }

        return null;
    }

    /// <summary>The next event, which must be of this name.</summary>
    public async Task<JsonObject> Next(string name)
    {
        var next = await Next();
        Assert.Equal(name, next?.Name);
        return next!.Value.Data;
    }

    public void Dispose()
    {
        text.Dispose();
        response.Dispose();
    }
}
