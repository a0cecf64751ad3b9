using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Archive;
using OrleansRecorder.Media.Native;

namespace OrleansRecorder.Hosting;

/// <summary>What must be right around the process before it starts. Each check throws a <see cref="StartupException"/> that names the thing and the way out.</summary>
internal static class Surroundings
{
    /// <summary>For the role <c>run</c>.</summary>
    public static async Task Check(RunSettings settings)
    {
        CheckLibraries();
        var document = ConfigCheck.Load(settings.ConfigPath, settings.Rules);
        await CheckOutput(settings.OutputDirectory ?? document.Config.Global.OutputDirectory);
        // Asked before anything else starts, since a port in use is what happens most.
        CheckPort("port", new IPEndPoint(settings.Listen, settings.Port));
    }

    /// <summary>FFmpeg's libraries can be loaded.</summary>
    public static void CheckLibraries()
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

    /// <summary>The output directory can be written; it is made when it is missing.</summary>
    /// <param name="directory">As configured.</param>
    /// <param name="baseDirectory">Where it starts when it is relative; null: the working directory.</param>
    public static async Task CheckOutput(string directory, string? baseDirectory = null)
    {
        try
        {
            var options = baseDirectory is null ? new NodeArchivesOptions() : new NodeArchivesOptions { BaseDirectory = baseDirectory };
            await using var archives = new NodeArchives(options, TimeProvider.System, NullLogger<DirectoryArchive>.Instance);
            archives.For(directory).EnsureWritable();
        }
        catch (ArchiveException e)
        {
            var path = Path.Combine(baseDirectory ?? "", directory);
            throw new StartupException(
                $"输出目录 {path} 无法写入: {e.Reason.Chinese}",
                $"the output directory {path} cannot be written: {e.Reason.English}; give this user the right to write there, or name another", e);
        }
    }

    /// <summary>Nobody listens there yet, and this process may.</summary>
    /// <param name="name">What the user calls the port: a setting's key or an argument.</param>
    /// <param name="endpoint">The address and the port.</param>
    public static void CheckPort(string name, IPEndPoint endpoint)
    {
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(endpoint);
            socket.Listen();
        }
        catch (SocketException e)
        {
            throw CannotListen(name, endpoint, e);
        }
    }

    /// <summary>The error for a port that cannot be had.</summary>
    public static StartupException CannotListen(string name, IPEndPoint endpoint, Exception cause)
    {
        var isInUse = cause is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            || cause.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException;
        return isInUse
            ? new StartupException(
                $"端口 {endpoint.Port} ({endpoint.Address}) 已被占用: 请停止占用它的程序, 或换一个 {name}",
                $"port {endpoint.Port} ({endpoint.Address}) is in use: stop the program that has it, or choose another {name}", cause)
            : new StartupException(
                $"无法监听 {endpoint}: {cause.Message}; 请换一个地址或 {name}",
                $"cannot listen on {endpoint}: {cause.Message}; choose another address or {name}", cause);
    }
}
