using System.Net;

namespace Orleans.Configuration;

/// <summary>Where the silo is reached.</summary>
public class EndpointOptions
{
    /// <summary>The address that others are told. Default: the first suitable one of this machine.</summary>
    public IPAddress? AdvertisedIPAddress { get; set; }

    /// <summary>For silos; not 0. Default: 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>For clients of other processes; 0 for none. Default: 30000.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Where to listen for silos when that differs from the advertised address and port.</summary>
    public IPEndPoint? SiloListeningEndpoint { get; set; }

    /// <summary>Where to listen for clients when that differs from the advertised address and port.</summary>
    public IPEndPoint? GatewayListeningEndpoint { get; set; }
}
