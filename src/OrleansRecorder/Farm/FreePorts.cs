using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Farm;

/// <summary>
/// Finds ports on loopback that nobody has: below those that the system gives to outgoing connections, so that a process finds its port free again after a
/// restart, and never one twice in the life of this process.
/// </summary>
internal static class FreePorts
{
    private const int First = 15_000;
    private const int End = 32_000;
    private static readonly HashSet<int> Given = [];

    /// <summary>So many different ones, free at this moment.</summary>
    /// <exception cref="SocketException">There are not so many.</exception>
    public static int[] Find(int count)
    {
        lock (Given)
        {
            var ports = new List<int>();
            for (var (next, tries) = (Random.Shared.Next(First, End), 0); ports.Count < count; next = next + 1 < End ? next + 1 : First)
            {
                if (++tries > End - First) throw new SocketException((int)SocketError.AddressAlreadyInUse);
                if (!Given.Contains(next) && IsFree(next)) ports.Add(next);
            }

            Given.UnionWith(ports);
            return [.. ports];
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
