using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Media.Ingest.Connections;

namespace OrleansRecorder.Media.Tests.Ingest.Connections;

public sealed class HostAddressesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_address_is_its_own_and_an_unknown_name_has_none()
    {
        var hosts = new HostAddresses(_ => throw new SocketException((int)SocketError.HostNotFound));

        Assert.Equal([IPAddress.Parse("10.0.0.1")], await hosts.Find("10.0.0.1"));
        Assert.Empty(await hosts.Find("camera").WaitAsync(Patience));
    }

    [Fact]
    public async Task A_defect_of_the_look_up_is_told_to_who_asks_and_the_next_one_asks_anew()
    {
        var isBroken = true;
        var hosts = new HostAddresses(_ => isBroken ? throw new InvalidOperationException("a defect") : [IPAddress.Loopback]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => hosts.Find("camera").WaitAsync(Patience));
        isBroken = false;
        Assert.Equal([IPAddress.Loopback], await hosts.Find("camera").WaitAsync(Patience));
    }
}
