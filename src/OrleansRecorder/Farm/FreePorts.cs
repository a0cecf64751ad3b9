using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Farm;

/// <summary>Finds ports on loopback that nobody has.</summary>
internal static class FreePorts
{
    /// <summary>So many different ones, free at this moment.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            // All at once, or the same port could come twice.
            foreach (var listener in listeners) listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }
}
