using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Farm;

/// <summary>
/// Finds ports on loopback that nobody has: below those that the system gives to outgoing connections, so that a process finds its port free again after a
/// restart, and never one twice in the life of this process. Other processes that look at the same time find other ones: each takes whole blocks for itself,
/// by a lock on a file that ends with it.
/// </summary>
internal static class FreePorts
{
    private const int First = 15_000;
    private const int End = 32_000;
    private const int Block = 50;
    private static readonly Lock Finding = new();
    private static readonly List<FileStream> Claims = [];
    private static readonly Queue<int> Mine = [];

    /// <summary>So many different ones, free at this moment.</summary>
    /// <exception cref="SocketException">There are not so many.</exception>
    public static int[] Find(int count)
    {
        lock (Finding)
        {
            var ports = new List<int>();
            while (ports.Count < count)
            {
                if (Mine.Count == 0) ClaimBlock();
                if (Mine.Dequeue() is var port && IsFree(port)) ports.Add(port);
            }

            return [.. ports];
        }
    }

    private static void ClaimBlock()
    {
        const int Blocks = (End - First) / Block;
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"orleans-recorder-ports-{Environment.UserName}")).FullName;
        var start = Random.Shared.Next(Blocks);
        for (var tries = 0; tries < Blocks; tries++)
        {
            var first = First + ((start + tries) % Blocks * Block);
            if (!TryLock(Path.Combine(folder, $"{first}"))) continue;
            foreach (var port in Enumerable.Range(first, Block)) Mine.Enqueue(port);
            return;
        }

        throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    private static bool TryLock(string path)
    {
        try
        {
            Claims.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
