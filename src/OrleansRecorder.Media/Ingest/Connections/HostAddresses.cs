using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>
/// Looks names up off the ingest threads. A look-up that hangs cannot be interrupted, only left behind: hence a thread of its own for each name, however many
/// streams wait for it.
/// </summary>
internal sealed class HostAddresses
{
    private const int StackSize = 256 << 10;
    private readonly ConcurrentDictionary<string, Lazy<Task<IPAddress[]>>> _running = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The addresses of a name, or of an address as text; empty when there are none. Never fails, but may never complete.</summary>
    public Task<IPAddress[]> Find(string host) => IPAddress.TryParse(host, out var address)
        ? Task.FromResult<IPAddress[]>([address])
        : _running.GetOrAdd(host, name => new Lazy<Task<IPAddress[]>>(() => LookUp(name))).Value;

    private Task<IPAddress[]> LookUp(string host)
    {
        var found = new TaskCompletionSource<IPAddress[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                var addresses = Resolve(host);
                _running.TryRemove(host, out var _);
                found.SetResult(addresses);
            },
            StackSize) { IsBackground = true, Name = $"look-up {host}" };
        thread.Start();
        return found.Task;
    }

    private static IPAddress[] Resolve(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return [];
        }
    }
}
