using OrleansRecorder.Cameras;
using OrleansRecorder.Farm;
using OrleansRecorder.FarmTests.Network;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>What a <see cref="TestFarm"/> is made of.</summary>
internal sealed record TestFarmOptions
{
    /// <summary>Named <c>node-1</c> and so on.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>Named <c>api-1</c> and so on.</summary>
    public int Apis { get; init; } = 1;

    /// <summary>nginx in front of the APIs; <see cref="TestFarm.Http"/> then speaks to it, else to the first API.</summary>
    public bool HasNginx { get; init; }

    /// <summary>Simulated cameras in the test's own process, numbered from 1.</summary>
    public int Cameras { get; init; } = 4;

    /// <summary>Where the cameras listen.</summary>
    public CameraServerOptions CameraServer { get; init; } = new();

    /// <summary>What one camera is like, by its number.</summary>
    public Func<int, CameraOptions> Camera { get; init; } = number => new CameraOptions { Number = number };

    /// <summary>The cameras' configuration, from their addresses.</summary>
    public Func<IReadOnlyList<string>, string> Config { get; init; } = urls => FarmConfig.Of(urls);

    /// <summary>More settings of a process by its name, such as <c>Node:Capacity</c>; they win over the harness's own.</summary>
    public Func<string, IReadOnlyDictionary<string, string>> Settings { get; init; } = _ => new Dictionary<string, string>();

    /// <summary>Where each silo is in a namespace of its own, and the database and the cameras are reached at <see cref="FarmNetwork.Here"/>; null: all on loopback.</summary>
    public FarmNetwork? Network { get; init; }

    /// <summary>Changes how a process is started, for instance inside a network namespace.</summary>
    public Func<ChildSpec, ChildSpec> Wrap { get; init; } = spec => spec;
}
