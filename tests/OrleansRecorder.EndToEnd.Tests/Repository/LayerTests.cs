using System.Reflection;

namespace OrleansRecorder.EndToEnd.Tests.Repository;

/// <summary>docs/architecture.md says what each part must know nothing of; the assemblies' references say whether it does.</summary>
public sealed class LayerTests
{
    private static readonly string[] Engine = ["MiniOrleans", "Orleans.", "Microsoft.Orleans"];

    public static TheoryData<string, string[]> Absences => new()
    {
        { "OrleansRecorder.Scheduling", [.. Engine, "OrleansRecorder."] },
        { "OrleansRecorder.Media", [.. Engine, "OrleansRecorder.Archive", "OrleansRecorder.Grains", "OrleansRecorder.Api"] },
        { "OrleansRecorder.Archive", [.. Engine, "OrleansRecorder.Media", "OrleansRecorder.Grains", "OrleansRecorder.Api"] },
        { "OrleansRecorder.Grains", ["OrleansRecorder.Api", "OrleansRecorder.Cameras", "Microsoft.AspNetCore.Routing"] },
        { "OrleansRecorder.Api", ["OrleansRecorder.Grains", "OrleansRecorder.Media", "OrleansRecorder.Archive", "OrleansRecorder.Scheduling"] },
        { "OrleansRecorder.Cameras", [.. Engine, "OrleansRecorder.Contracts", "OrleansRecorder.Media", "OrleansRecorder.Grains"] },
    };

    [Theory]
    [MemberData(nameof(Absences))]
    public void A_part_knows_nothing_of_the_parts_above_it(string part, string[] absent)
    {
        var references = Assembly.Load(part).GetReferencedAssemblies().Select(a => a.Name!);

        Assert.DoesNotContain(references, name => absent.Any(a => name.StartsWith(a, StringComparison.Ordinal)));
    }
}
