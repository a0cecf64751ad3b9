namespace Orleans.Runtime;

/// <summary>Identities of clients, and of the objects that they let grains call.</summary>
internal static class ClientIds
{
    private static readonly GrainType ClientType = GrainType.Create("sys.client");

    public static GrainId New() => GrainId.Create(ClientType, Guid.NewGuid().ToString("N"));

    public static bool IsClient(GrainId id) => id.Type.Equals(ClientType);

    public static GrainId NewObserver(GrainId client) => GrainId.Create(ClientType, $"{client.Key}+{Guid.NewGuid():N}");

    /// <summary>The client of an observer, or the client itself.</summary>
    public static GrainId OwnerOf(GrainId id)
    {
        var key = id.Key.ToString();
        var plus = key.IndexOf('+');
        return plus < 0 ? id : GrainId.Create(ClientType, key[..plus]);
    }
}
