using System.CommandLine;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.Commands;

/// <summary><c>recorder camera</c>: simulated cameras alone.</summary>
internal static class CameraCommand
{
    public static Command Create()
    {
        var defaults = new CameraSettings();
        var count = new Option<int>("--count") { Description = "How many cameras, numbered from 1.", DefaultValueFactory = _ => defaults.Count };
        var port = new Option<int>("--port") { Description = "The RTSP port; 0 takes a free one.", DefaultValueFactory = _ => defaults.Port };
        var listen = new Option<string>("--listen") { Description = "The address to listen on.", DefaultValueFactory = _ => defaults.Listen };
        var host = new Option<string?>("--host") { Description = "The name or address in the cameras' URLs; default that of --listen." };
        var faults = new Option<string[]>("--fault") { Description = $"FAULT for all, N=FAULT or N-M=FAULT; any number of times. Faults: {CameraFault.Syntax}.", DefaultValueFactory = _ => [] };
        var codec = new Option<string>("--codec") { Description = "h264, h265 or mjpeg.", DefaultValueFactory = _ => defaults.Codec };
        var audio = new Option<string>("--audio") { Description = "aac, latm, opus, g711, g711mu, g726 or none.", DefaultValueFactory = _ => defaults.Audio };
        var bitRate = new Option<string>("--bitrate") { Description = "Bits a second of video: 1000000, 500k, 2M.", DefaultValueFactory = _ => defaults.BitRate };
        var frameRate = new Option<int>("--fps") { Description = "Frames a second.", DefaultValueFactory = _ => defaults.FrameRate };
        var size = new Option<string>("--size") { Description = "Width and height in pixels.", DefaultValueFactory = _ => defaults.Size };
        var gop = new Option<int?>("--gop") { Description = "Frames from one key frame to the next; default a second's worth." };
        var user = new Option<string?>("--user") { Description = "Ask for this user (Digest)." };
        var password = new Option<string>("--password") { Description = "The user's password.", DefaultValueFactory = _ => defaults.Password };
        var clientStall = new Option<double>("--client-stall") { Description = "Seconds after which a client that takes nothing is dropped.", DefaultValueFactory = _ => defaults.ClientStallSeconds };
        var stats = new Option<int?>("--stats-port") { Description = "Serve /stats, /stats/sessions and PUT /cameras/N/fault over HTTP on this port; 0 takes a free one." };
        var cache = new Option<string?>("--cache") { Description = "Where clips are kept; default orleans-recorder in $XDG_CACHE_HOME or ~/.cache." };
        var json = new Option<string?>("--json") { Description = "Write a configuration that records all these cameras into this file." };

        var command = new Command("camera", "Simulated cameras: a real RTSP server for demos, tests and load.")
        {
            count, port, listen, host, faults, codec, audio, bitRate, frameRate, size, gop, user, password, clientStall, stats, cache, json,
        };
        command.SetAction((parsed, stop) => CameraProgram.Run(
            new CameraSettings
            {
                Count = parsed.GetValue(count),
                Port = parsed.GetValue(port),
                Listen = parsed.GetValue(listen)!,
                Host = parsed.GetValue(host),
                Faults = parsed.GetValue(faults)!,
                Codec = parsed.GetValue(codec)!,
                Audio = parsed.GetValue(audio)!,
                BitRate = parsed.GetValue(bitRate)!,
                FrameRate = parsed.GetValue(frameRate),
                Size = parsed.GetValue(size)!,
                KeyFrameInterval = parsed.GetValue(gop),
                User = parsed.GetValue(user),
                Password = parsed.GetValue(password)!,
                ClientStallSeconds = parsed.GetValue(clientStall),
                StatsPort = parsed.GetValue(stats),
                CacheFolder = parsed.GetValue(cache),
                ConfigurationFile = parsed.GetValue(json),
            },
            Console.Out, stop));
        return command;
    }
}
