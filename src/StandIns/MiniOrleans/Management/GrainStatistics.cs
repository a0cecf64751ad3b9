namespace Orleans.Runtime;

/// <summary>How many activations of a class a silo has.</summary>
[GenerateSerializer]
public sealed class SimpleGrainStatistic
{
    /// <summary><c>Namespace.Class,Assembly</c>.</summary>
    [Id(0)] public string GrainType { get; set; } = "";

    /// <summary>The silo.</summary>
    [Id(1)] public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    /// <summary>How many.</summary>
    [Id(2)] public int ActivationCount { get; set; }
}

/// <summary>One activation.</summary>
[GenerateSerializer]
public sealed class DetailedGrainStatistic
{
    /// <summary><c>Namespace.Class,Assembly</c>.</summary>
    [Id(0)] public string GrainType { get; set; } = "";

    /// <summary>The silo.</summary>
    [Id(1)] public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    /// <summary>The grain.</summary>
    [Id(2)] public GrainId GrainId { get; set; }
}
