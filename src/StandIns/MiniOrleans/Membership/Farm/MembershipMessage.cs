namespace Orleans.Runtime;

/// <summary>What silos say to each other about membership. Each says which version of the table its sender knows: who knows less reads the table.</summary>
/// <param name="Topic">What it is.</param>
/// <param name="Id">A question's number; its answer repeats it.</param>
/// <param name="Version">The table's version that the sender knows.</param>
/// <param name="Subject">Whom to probe for another silo.</param>
/// <param name="Reached">In answers: the silo was reached; null when the one that was asked cannot tell.</param>
[GenerateSerializer, Immutable]
internal sealed record MembershipMessage(MembershipTopic Topic, long Id, long Version, SiloAddress? Subject = null, bool? Reached = null);

/// <summary>What a membership message is.</summary>
internal enum MembershipTopic
{
    /// <summary>The table has changed.</summary>
    News = 0,

    /// <summary>Does that other silo answer you?</summary>
    ProbeOther = 1,

    /// <summary>The answer.</summary>
    Answer = 2,
}

/// <summary>Takes membership messages to silos.</summary>
internal interface IMembershipWire
{
    /// <summary>Whether that life of the silo gives a sign of life within the time. Goes around all queues.</summary>
    /// <exception cref="OrleansConfigurationException">It refuses for good: the secret, the cluster or the protocol differs.</exception>
    Task<bool> Probe(SiloAddress silo, TimeSpan timeout);

    /// <summary>Never blocks and never throws; what cannot be delivered is lost.</summary>
    void Send(SiloAddress target, MembershipMessage message);
}
