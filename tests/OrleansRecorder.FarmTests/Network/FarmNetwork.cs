using System.Net;
using System.Net.NetworkInformation;
using OrleansRecorder.Farm;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Network;

/// <summary>
/// A network of a test's own: each silo in a network namespace with an address of its own, this machine at <see cref="Here"/>, a bridge between them in one
/// more namespace, so that no firewall of this machine has a say. Needs root and the packages iproute2 and nftables. The kernel keeps namespaces until
/// somebody removes them: a start removes what test processes that are gone have left.
/// </summary>
internal sealed class FarmNetwork : IAsyncDisposable
{
    private const string Prefix = "recorder-";
    private const string Namespaces = "/run/netns";
    private static int _made;

    private readonly string _name = $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";
    private readonly string _subnet = FreeSubnet();
    private readonly int _silos;

    private FarmNetwork(int silos) => _silos = silos;

    /// <summary>Where silos find the database and the cameras.</summary>
    public IPAddress Here => IPAddress.Parse($"{_subnet}.1");

    /// <summary>Makes a network for so many silos. Throws <see cref="PlatformNotSupportedException"/> with the reason where the machine does not let one.</summary>
    public static async Task<FarmNetwork> Create(int silos)
    {
        if (!Environment.IsPrivilegedProcess) throw new PlatformNotSupportedException("network namespaces need root");
        await RemoveWhatIsLeft();
        var network = new FarmNetwork(silos);
        try
        {
            await network.Build();
            return network;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await network.DisposeAsync();
            throw new PlatformNotSupportedException($"network namespaces with nftables cannot be made: {e.Message}", e);
        }
    }

    /// <summary>The address of a silo, by its number from 1.</summary>
    public string AddressOf(int silo) => $"{_subnet}.{10 + silo}";

    /// <summary>Starts a silo inside its namespace. The process keeps its id: one program becomes the next.</summary>
    public ChildSpec Inside(int silo, ChildSpec spec) => spec with { Program = "nsenter", Arguments = [$"--net={Namespaces}/{NameOf(silo)}", spec.Program, .. spec.Arguments] };

    /// <summary>From now on packets that these rules name are lost, at the silo itself. Nobody is told: connections stay, and hang.</summary>
    public Task Cut(int silo, NetworkCut cut) => Run("ip", "netns", "exec", NameOf(silo), "nft", cut.Rules);

    /// <summary>All packets of the silo go through again.</summary>
    public Task Heal(int silo) => Run("ip", "netns", "exec", NameOf(silo), "nft", NetworkCut.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Interfaces go with the namespace that they, or their other ends, are in.
        foreach (var name in Directory.GetFiles(Namespaces, _name + "-*")) await Shell.Run("ip", "netns", "del", Path.GetFileName(name));
    }

    private async Task Build()
    {
        var hub = _name + "-hub";
        var outside = $"rc{Environment.ProcessId}x{_made}";
        await Run("ip", "netns", "add", hub);
        await Run("ip", "link", "add", outside, "type", "veth", "peer", "name", "uplink", "netns", hub);
        await Run("ip", "address", "add", $"{Here}/24", "dev", outside);
        await Run("ip", "link", "set", outside, "up");
        await Run("ip", "-n", hub, "link", "add", "bridge", "type", "bridge");
        await Run("ip", "-n", hub, "link", "set", "bridge", "up");
        await Run("ip", "-n", hub, "link", "set", "uplink", "master", "bridge", "up");
        for (var silo = 1; silo <= _silos; silo++)
        {
            var name = NameOf(silo);
            await Run("ip", "netns", "add", name);
            await Run("ip", "-n", hub, "link", "add", $"to{silo}", "type", "veth", "peer", "name", "eth0", "netns", name);
            await Run("ip", "-n", hub, "link", "set", $"to{silo}", "master", "bridge", "up");
            await Run("ip", "-n", name, "address", "add", $"{AddressOf(silo)}/24", "dev", "eth0");
            await Run("ip", "-n", name, "link", "set", "eth0", "up");
            await Run("ip", "-n", name, "link", "set", "lo", "up");
            // Shows early whether the kernel has packet filters.
            await Heal(silo);
        }
    }

    private string NameOf(int silo) => $"{_name}-{silo}";

    private static async Task RemoveWhatIsLeft()
    {
        if (!Directory.Exists(Namespaces)) return;
        foreach (var name in Directory.GetFiles(Namespaces, Prefix + "*").Select(path => Path.GetFileName(path)))
        {
            if (int.TryParse(name.Split('-')[1], out var owner) && !Directory.Exists($"/proc/{owner}")) await Shell.Run("ip", "netns", "del", name);
        }
    }

    // Of the range that is set apart for testing networks (RFC 2544).
    private static string FreeSubnet()
    {
        var taken = NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address.ToString()).ToArray();
        var first = Environment.ProcessId % 512;
        return Enumerable.Range(first, 512).Select(n => $"198.{18 + (n % 512 / 256)}.{n % 256}").First(subnet => !Array.Exists(taken, address => address.StartsWith(subnet + ".", StringComparison.Ordinal)));
    }

    private static async Task Run(string program, params string[] arguments)
    {
        var output = await Shell.Run(program, arguments);
        if (output.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output.Errors.Trim()}");
    }
}
