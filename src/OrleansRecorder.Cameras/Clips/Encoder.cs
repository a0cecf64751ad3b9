using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OrleansRecorder.Cameras.Clips;

/// <summary>Makes elementary streams with the <c>ffmpeg</c> program.</summary>
internal static class Encoder
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Encodes a camera's pictures to an H.264 or H.265 byte stream (Annex B), parameter sets before every key frame, or to JPEG pictures in a row.</summary>
    public static Task Video(ClipFormat format, string path, CancellationToken cancellation)
    {
        var rate = format.BitRate.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", $"{format.Width}x{format.Height}", "-framerate", $"{format.FrameRate}", "-i", "pipe:0",
            "-b:v", rate, "-maxrate", rate, "-bufsize", $"{format.BitRate / 2}", "-g", $"{format.KeyFrameInterval}", "-bf", $"{format.BFrames}", "-sc_threshold", "0",
            .. Codec(format), path
        ];
        return Run(arguments, cancellation, async (input, stop) =>
        {
            var painter = new FramePainter(format);
            var frame = ArrayPool<byte>.Shared.Rent(painter.FrameSize);
            for (var counter = 0; counter < format.FrameCount; counter++)
            {
                painter.Paint(counter, frame.AsSpan(0, painter.FrameSize));
                await input.WriteAsync(frame.AsMemory(0, painter.FrameSize), stop);
            }

            ArrayPool<byte>.Shared.Return(frame);
        });
    }

    /// <summary>Encodes sound (16-bit mono): AAC with ADTS headers, Opus in Ogg, the others bare.</summary>
    public static Task Audio(AudioCodec codec, short[] samples, int sampleRate, string path, CancellationToken cancellation)
    {
        string[] output = codec switch
        {
            AudioCodec.G711 => ["-c:a", "pcm_alaw", "-f", "alaw"],
            AudioCodec.G711Mu => ["-c:a", "pcm_mulaw", "-f", "mulaw"],
            AudioCodec.G726 => ["-c:a", "g726le", "-b:a", "32k", "-f", "g726le"],
            AudioCodec.G726Aal2 => ["-c:a", "g726", "-b:a", "32k", "-f", "g726"],
            AudioCodec.Opus => ["-c:a", "libopus", "-b:a", "32k", "-frame_duration", "20", "-f", "ogg"],
            _ => ["-c:a", "aac", "-b:a", "32k", "-f", "adts"],
        };
        return Run(["-f", "s16le", "-ar", $"{sampleRate}", "-ac", "1", "-i", "pipe:0", .. output, path], cancellation, async (input, stop) =>
        {
            var bytes = new byte[samples.Length * sizeof(short)];
            Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);
            await input.WriteAsync(bytes, stop);
        });
    }

    // One thread a clip: clips are made side by side. The H.265 settings are the fastest that still hold the bit rate.
    private static string[] Codec(ClipFormat format) => format.Codec switch
    {
        VideoCodec.H264 => ["-c:v", "libx264", "-preset", "ultrafast", "-keyint_min", $"{format.KeyFrameInterval}",
            "-x264-params", "threads=1:repeat-headers=1:b-adapt=0:b-pyramid=0", "-f", "h264"],
        VideoCodec.Mjpeg => ["-c:v", "mjpeg", "-threads", "1", "-huffman", "default", "-pix_fmt", "yuvj420p", "-f", "mjpeg"],
        _ => ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
            $"log-level=none:info=0:pools=none:frame-threads=1:bframes={format.BFrames}:b-pyramid=0:keyint={format.KeyFrameInterval}:min-keyint={format.KeyFrameInterval}:scenecut=0:open-gop=0:repeat-headers=1:"
            + "ctu=16:min-cu-size=16:aq-mode=0:no-deblock=1:no-cutree=1:rc-lookahead=0:b-adapt=0:me=dia:subme=0:max-merge=1:rd=1", "-f", "hevc"],
    };

    private static async Task Run(string[] arguments, CancellationToken cancellation, Func<Stream, CancellationToken, Task> feed)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]) { RedirectStandardInput = true, RedirectStandardError = true };
        using var process = Start(start);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            try
            {
                await feed(process.StandardInput.BaseStream, deadline.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // ffmpeg ended early and closed the pipe: its own words, below, say why.
            }

            await process.WaitForExitAsync(deadline.Token);
            if (process.ExitCode != 0) throw new InvalidOperationException($"ffmpeg could not make a camera's clip: {(await errors).Trim()}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("simulated cameras need the ffmpeg program: install the package ffmpeg", e);
        }
    }
}
