using OrleansRecorder.Zoo.Tests.Cases;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests;

/// <summary>Cameras as they are in the field, each with the status and the file that must come of it: docs/design/camera-zoo.md.</summary>
public sealed class ZooTests(ZooRun run) : IClassFixture<ZooRun>
{
    public static TheoryData<string> Names => [.. ZooTable.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_camera_of_the_zoo_is_recorded_as_the_table_says(string name)
    {
        var outcome = await run.Outcome(name);

        Assert.True(outcome is null, $"{name}, ZOO_SEED={ZooRun.Seed}: {outcome}");
    }
}
