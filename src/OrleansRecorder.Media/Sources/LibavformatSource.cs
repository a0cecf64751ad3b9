using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Native;

namespace OrleansRecorder.Media.Sources;

/// <summary>
/// Any stream that libavformat can open: RTSP (TCP first, UDP when that is refused), RTMP, HTTP-FLV, HLS and, as <c>file://localhost/…</c>, files.
/// One named thread for the time of the connection.
/// </summary>
public sealed class LibavformatSource(SourceRequest request, TimeProvider time) : IMediaSource
{
    private const int StackSize = 1 << 20;
    private static readonly string[] Schemes = ["rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "file"];

    /// <inheritdoc/>
    public async Task<SourceEnd> Run(IMediaSink sink, CancellationToken stop)
    {
        if (!Schemes.Contains(request.Url.Scheme)) return End(CaptureCause.BadUrl);
        FFmpegLibraries.EnsureLoaded();
        var watch = new PhaseWatch(request, time, stop);
        if (request.Url.Scheme != "file" && await Resolve(stop) is { } failure) return failure;
        return await OnOwnThread(new LibavformatSession(request, watch, sink, stop).Run);
    }

    // FFmpeg resolves names in a call that nothing can interrupt: this look-up comes before it, on a thread that may be left behind.
    private async Task<SourceEnd?> Resolve(CancellationToken stop)
    {
        var host = request.Url.Host.Trim('[', ']');
        if (IPAddress.TryParse(host, out _)) return null;
        try
        {
            await OnOwnThread(() => Dns.GetHostAddresses(host)).WaitAsync(request.ConnectionTimeout, time, stop);
            return null;
        }
        catch (SocketException)
        {
            return End(CaptureCause.NameNotFound);
        }
        catch (ArgumentException)
        {
            return End(CaptureCause.BadUrl);
        }
        catch (TimeoutException)
        {
            return End(CaptureCause.ConnectTimeout);
        }
        catch (OperationCanceledException)
        {
            return End(CaptureCause.Stopped);
        }
    }

    private Task<T> OnOwnThread<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    completion.SetResult(work());
                }
                catch (Exception exception)
                {
                    completion.SetException(exception);
                }
            },
            StackSize) { IsBackground = true, Name = $"capture {request.Url.Host}" };
        thread.Start();
        return completion.Task;
    }

    private SourceEnd End(CaptureCause cause) => new(cause, SourceMessages.For(new Diagnosis(cause, 0, null), request));
}
