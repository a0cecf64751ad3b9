namespace Orleans;

/// <summary>Is told how a client is connected. Called one at a time; must not block.</summary>
public interface IClusterConnectionStatusObserver
{
    /// <summary>No gateway is connected any more.</summary>
    void NotifyClusterConnectionLost();

    /// <summary>More gateways are connected, or fewer.</summary>
    /// <param name="currentNumberOfGateways">How many now.</param>
    /// <param name="previousNumberOfGateways">How many before.</param>
    /// <param name="connectionRecovered">There was none before.</param>
    void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered);
}
