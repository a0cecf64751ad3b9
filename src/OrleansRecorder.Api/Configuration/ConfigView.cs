using System.Text;
using System.Text.Json.Nodes;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Api.Configuration;

/// <summary>One version of the configuration, cut as the answers show it. Fields that the recorder does not know are shown too.</summary>
internal sealed class ConfigView(ConfigVersion version)
{
    private readonly JsonObject _document = JsonNode.Parse(Encoding.UTF8.GetBytes(version.Document))!.AsObject();

    /// <summary>The whole document.</summary>
    public JsonObject Document => _document;

    /// <summary>Its <c>global_config</c>.</summary>
    public JsonObject Global => _document[ConfigFields.Global]!.AsObject();

    /// <summary>Its <c>streams</c>.</summary>
    public JsonArray Streams => _document[ConfigFields.Streams]!.AsArray();

    /// <summary>One stream, as configured.</summary>
    public JsonObject Stream(int index) => Streams[index]!.AsObject();

    /// <summary>One stream with its <c>index</c> in front.</summary>
    public JsonObject NumberedStream(int index)
    {
        var numbered = new JsonObject { [ConfigFields.Index] = index };
        foreach (var (name, value) in Stream(index)) numbered[name] = value?.DeepClone();

        return numbered;
    }

    /// <summary>What looks misspelled, in the reader's language; null when nothing does.</summary>
    public string[]? Warnings(DocumentStyle style) => version.Warnings.Length == 0 ? null : [.. version.Warnings.Select(style.Message)];
}

/// <summary>Names of fields that the API itself adds or looks at.</summary>
internal static class ConfigFields
{
    public const string Global = "global_config";
    public const string Streams = "streams";

    /// <summary>Added to streams in answers; the configuration drops it when a client sends it back.</summary>
    public const string Index = "index";

    /// <summary>Added to answers; dropped from a body that brings it back.</summary>
    public const string Warnings = "warnings";

    /// <summary>Where to save.</summary>
    public const string FilePath = "file_path";
}
