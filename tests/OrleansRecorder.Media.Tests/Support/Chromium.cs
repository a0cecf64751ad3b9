using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>A browser without a window, for the time of one page.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>What its video element made of a file.</summary>
    /// <param name="Error">"" when it played.</param>
    /// <param name="Duration">As it was told at first; seconds.</param>
    /// <param name="SeekedTo">Where it stood after a seek.</param>
    /// <param name="ReadyState">Then: 2 and more have the picture of that moment.</param>
    /// <param name="EndedAt">Where it stood when it had played to the end.</param>
    public sealed record Played(string Error, double? Duration, double SeekedTo, int ReadyState, double EndedAt);

    /// <summary>Opens files one after the other, seeks into each and plays its end.</summary>
    public static async Task<IReadOnlyList<Played>> Play(IReadOnlyList<string> paths, double seekTo)
    {
        var result = new TaskCompletionSource<IReadOnlyList<Played>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.MapGet("/", () => Results.Content(Page(paths.Count, seekTo), "text/html"));
        server.MapGet("/{number:int}.mp4", (int number) => Results.File(paths[number], "video/mp4", enableRangeProcessing: true));
        server.MapPost("/", async (HttpRequest request) =>
            result.TrySetResult((await JsonSerializer.DeserializeAsync<List<Played>>(request.Body, JsonSerializerOptions.Web))!));
        await server.StartAsync();

        using var profile = new TemporaryFolder();
        using var browser = Process.Start(new ProcessStartInfo("chromium",
            ["--headless", "--no-sandbox", "--disable-gpu", "--mute-audio", "--no-first-run", "--autoplay-policy=no-user-gesture-required", $"--user-data-dir={profile.Path}", server.Urls.First()])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("chromium did not start");
        _ = browser.StandardOutput.ReadToEndAsync();
        _ = browser.StandardError.ReadToEndAsync();
        try
        {
            return await result.Task.WaitAsync(Patience);
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync();
        }
    }

    private static string Page(int files, double seekTo) => $$"""
        <!doctype html><title>-</title><script>
        const event = (video, name) => new Promise((done, fail) => {
            video.addEventListener(name, done, { once: true });
            video.addEventListener('error', () => fail(new Error(video.error.message)), { once: true });
            setTimeout(() => fail(new Error('no ' + name)), 30000);
        });
        const play = async number => {
            const video = document.createElement('video');
            video.muted = true;
            const played = { error: '', seekedTo: 0, readyState: 0, endedAt: 0 };
            try {
                const loaded = event(video, 'loadeddata');
                video.src = `/${number}.mp4`;
                document.body.append(video);
                await loaded;
                played.duration = isFinite(video.duration) ? video.duration : null;
                const seeked = event(video, 'seeked');
                video.currentTime = {{seekTo}};
                await seeked;
                played.seekedTo = video.currentTime;
                played.readyState = video.readyState;
                const ended = event(video, 'ended');
                video.playbackRate = 4;
                await video.play();
                await ended;
                played.endedAt = video.currentTime;
            } catch (error) {
                played.error = String(error);
            }
            video.remove();
            return played;
        };
        addEventListener('load', async () => {
            const all = [];
            for (let i = 0; i < {{files}}; i++) all.push(await play(i));
            await fetch('/', { method: 'POST', body: JSON.stringify(all) });
        });
        </script><body></body>
        """;
}
