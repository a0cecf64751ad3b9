using OrleansRecorder.Farm;

namespace OrleansRecorder.Testing;

/// <summary>
/// TCP ports of the loopback interface for servers of tests, each given once. They lie below those that the system gives to outgoing connections: a port from there, given
/// back for a process to take, may be another's when that process has started.
/// </summary>
public static class Ports
{
    /// <summary>One that nobody listens on.</summary>
    public static int Free() => FreePorts.Find(1)[0];

    /// <summary>Two: of a silo, and of its gateway.</summary>
    public static (int Silo, int Gateway) ForSilo() => FreePorts.Find(2) is [var silo, var gateway] ? (silo, gateway) : throw new InvalidOperationException("two ports were asked for");
}
