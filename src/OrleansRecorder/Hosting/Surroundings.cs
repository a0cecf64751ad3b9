using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Archive;
using OrleansRecorder.Media.Native;

namespace OrleansRecorder.Hosting;

/// <summary>What must be right around the process before it starts. Each check throws a <see cref="StartupException"/> that names the thing and the way out.</summary>
internal static class Surroundings
{
    public static async Task Check(RunSettings settings)
    {
        CheckLibraries();
        var document = ConfigCheck.Load(settings.ConfigPath, settings.Rules);
        await CheckOutput(settings.OutputDirectory ?? document.Config.Global.OutputDirectory);
        CheckPort(settings);
    }

    public static StartupException PortInUse(RunSettings settings, Exception inner) => new(
        $"端口 {settings.Port} ({settings.Listen}) 已被占用: 请停止占用它的程序, 或换一个端口, 例如 recorder run ./output 8081",
        $"port {settings.Port} ({settings.Listen}) is in use: stop the program that has it, or choose another, as in 'recorder run ./output 8081'", inner);

    private static void CheckLibraries()
    {
        try
        {
            FFmpegLibraries.EnsureLoaded(Environment.GetEnvironmentVariable("RECORDER_FFMPEG_PATH"));
        }
        catch (DllNotFoundException e)
        {
            throw new StartupException($"FFmpeg 库不可用: {e.Message}", e.Message, e);
        }
    }

    private static async Task CheckOutput(string directory)
    {
        try
        {
            await using var archives = new NodeArchives(new NodeArchivesOptions(), TimeProvider.System, NullLogger<DirectoryArchive>.Instance);
            archives.For(directory).EnsureWritable();
        }
        catch (ArchiveException e)
        {
            throw new StartupException(
                $"输出目录 {directory} 无法写入: {e.Reason.Chinese}",
                $"the output directory {directory} cannot be written: {e.Reason.English}; give this user the right to write there, or name another", e);
        }
    }

    // Asked before anything else starts, since a port in use is what happens most.
    private static void CheckPort(RunSettings settings)
    {
        try
        {
            using var socket = new Socket(settings.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(settings.Listen, settings.Port));
            socket.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw PortInUse(settings, e);
        }
        catch (SocketException e)
        {
            throw new StartupException(
                $"无法监听 {settings.Listen}:{settings.Port}: {e.Message}",
                $"cannot listen on {settings.Listen}:{settings.Port}: {e.Message}; choose another address or port", e);
        }
    }
}
