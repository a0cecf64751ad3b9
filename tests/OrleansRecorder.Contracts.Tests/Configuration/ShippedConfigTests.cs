using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using OrleansRecorder.Configuration;
using static OrleansRecorder.Contracts.Tests.Configuration.Documents;

namespace OrleansRecorder.Contracts.Tests.Configuration;

/// <summary>What ships with the product says the same as the code.</summary>
public sealed class ShippedConfigTests
{
    private static readonly string[] Optional = ["min_duration_seconds", "keyframe_timeout_seconds"];

    [Fact]
    public void The_configuration_that_ships_is_valid_and_complete()
    {
        var document = Accept(new ConfigFile(InRepository("config.json")).Load());

        Assert.Empty(document.Warnings);
        Assert.Equal(2, document.Config.Streams.Length);
        Assert.Equal(document.Text, File.ReadAllText(InRepository("config.json")));
    }

    [Fact]
    public void The_reference_names_every_field_and_its_example_is_valid()
    {
        var reference = File.ReadAllText(InRepository("docs/configuration.md"));
        var root = JsonNode.Parse(Users)!;

        foreach (var field in root["global_config"]!.AsObject().Concat(root["streams"]![0]!.AsObject()).Select(p => p.Key).Concat(Optional))
        {
            Assert.Contains($"\n| `{field}` |", reference);
        }

        var example = reference[(reference.IndexOf("```json", StringComparison.Ordinal) + 7)..];
        Assert.Empty(Accept(ConfigDocument.Parse(example[..example.IndexOf("```", StringComparison.Ordinal)])).Warnings);
    }

    private static string InRepository(string path, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", path));
}
