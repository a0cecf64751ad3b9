using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Media.Ingest.Connections;

/// <summary>
/// Looks names up off the ingest threads. A look-up that hangs cannot be interrupted, only left behind: hence a thread of its own for each name, however many
/// streams wait for it.
/// </summary>
/// <param name="resolve">Asks the system; null for DNS. A <see cref="SocketException"/> or <see cref="ArgumentException"/> means that there is no such name.</param>
internal sealed class HostAddresses(Func<string, IPAddress[]>? resolve = null)
{
    private const int StackSize = 256 << 10;
    private readonly Func<string, IPAddress[]> _resolve = resolve ?? Dns.GetHostAddresses;
    private readonly ConcurrentDictionary<string, Lazy<Task<IPAddress[]>>> _running = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The addresses of a name, or of an address as text; empty when there are none. Fails only for a defect, but may never complete.</summary>
    public Task<IPAddress[]> Find(string host) => IPAddress.TryParse(host, out var address)
        ? Task.FromResult<IPAddress[]>([address])
        : _running.GetOrAdd(host, name => new Lazy<Task<IPAddress[]>>(() => LookUp(name))).Value;

    private Task<IPAddress[]> LookUp(string host)
    {
        var found = new TaskCompletionSource<IPAddress[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            new Thread(() => Resolve(host, found), StackSize) { IsBackground = true, Name = $"look-up {host}" }.Start();
        }
        catch (Exception exception)
        {
            // No thread to be had: the next one who asks tries again.
            _running.TryRemove(host, out var _);
            found.SetException(exception);
        }

        return found.Task;
    }

    // What escaped here would end the process; it ends the sessions that ask.
    private void Resolve(string host, TaskCompletionSource<IPAddress[]> found)
    {
        try
        {
            var addresses = Addresses(host);
            _running.TryRemove(host, out var _);
            found.SetResult(addresses);
        }
        catch (Exception exception)
        {
            _running.TryRemove(host, out var _);
            found.TrySetException(exception);
        }
    }

    private IPAddress[] Addresses(string host)
    {
        try
        {
            return _resolve(host);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return [];
        }
    }
}
