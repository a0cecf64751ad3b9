using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Configuration;

/// <summary>
/// A valid configuration as the user wrote it: JSON with every field, known or not, in the user's order. Never changes; an edit gives a new
/// document, or every problem that the edited document would have.
/// </summary>
public sealed class ConfigDocument
{
    /// <summary>The largest document, in bytes of UTF-8: what is accepted can be saved, and what was saved can be read again.</summary>
    internal const int MostBytes = 16 * 1024 * 1024;

    private const int MostLevels = 60; // of 64, which readers and writers of JSON allow: answers wrap what is in the document

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _root;
    private readonly ConfigRules _rules;

    private ConfigDocument(JsonObject root, ConfigRules rules, LocalizedText[] warnings)
    {
        _root = root;
        _rules = rules;
        Warnings = warnings;
        Config = ConfigReader.Read(root);
        Text = root.ToJsonString(Readable) + "\n";
    }

    /// <summary>What the document says, typed; unknown fields are not in it.</summary>
    public RecorderConfig Config { get; }

    /// <summary>Indented JSON that ends with a line break; Chinese is not escaped.</summary>
    public string Text { get; }

    /// <summary>Likely misspellings of known fields, and known fields in the wrong place.</summary>
    public LocalizedText[] Warnings { get; }

    /// <summary>Reads a document that a program sends: strict JSON.</summary>
    public static ConfigEdit Parse(string text, ConfigRules? rules = null) => Read(text, rules ?? ConfigRules.Default, tolerant: false);

    /// <summary>Reads a document that a person edits: comments and trailing commas may pass, and every problem is told by line and column.</summary>
    public static ConfigEdit ParseFile(string text, ConfigRules? rules = null) => Read(text, rules ?? ConfigRules.Default, tolerant: true);

    /// <summary>Changes the fields of <c>global_config</c> that the patch has.</summary>
    public ConfigEdit WithGlobal(string patch) => Edit(patch, -1, (root, fields) => Merge(root[ConfigFields.Global]!.AsObject(), fields));

    /// <summary>Changes the fields of one stream that the patch has.</summary>
    public ConfigEdit WithStream(int index, string patch) =>
        HasStream(index) ? Edit(patch, index, (root, fields) => Merge(Streams(root)[index]!.AsObject(), fields)) : NoSuchStream(index);

    /// <summary>Adds a stream at the end.</summary>
    public ConfigEdit AddStream(string stream) => Edit(stream, Config.Streams.Length, (root, fields) => Streams(root).Add(fields.DeepClone()));

    /// <summary>Removes one stream; later ones move down. The last one stays.</summary>
    public ConfigEdit RemoveStream(int index)
    {
        if (!HasStream(index)) return NoSuchStream(index);
        if (Config.Streams.Length == 1) return ConfigEdit.Refused(ConfigResult.Invalid, new LocalizedText("不能删除最后一个流", "the last stream cannot be deleted"));
        var root = _root.DeepClone().AsObject();
        Streams(root).RemoveAt(index);
        return Checked(root, _rules, index);
    }

    private static ConfigEdit Read(string text, ConfigRules rules, bool tolerant)
    {
        var source = JsonSource.Read(text, tolerant);
        if (source.Problems.Count > 0) return ConfigEdit.Refused(ConfigResult.Invalid, [.. source.Problems]);

        LocalizedText[] notes = source.HasComments ? [new("文件中的注释在保存时不会保留", "The comments in the file are not kept when it is saved")] : [];
        return Checked(source.Root, rules, -1, tolerant ? source : null, notes);
    }

    private ConfigEdit Edit(string patch, int streamIndex, Action<JsonObject, JsonObject> change)
    {
        var source = JsonSource.Read(patch, tolerant: false);
        if (source.Problems.Count > 0) return ConfigEdit.Refused(ConfigResult.Invalid, [.. source.Problems]);
        if (source.Root is not JsonObject fields) return ConfigEdit.Refused(ConfigResult.Invalid, new LocalizedText("请求体必须是一个 JSON 对象", "the body must be a JSON object"));

        var root = _root.DeepClone().AsObject();
        change(root, fields);
        return Checked(root, _rules, streamIndex);
    }

    private static ConfigEdit Checked(JsonNode? root, ConfigRules rules, int streamIndex, JsonSource? file = null, params LocalizedText[] notes)
    {
        var validator = new ConfigValidator(rules, streamIndex);
        validator.Check(root);
        if (validator.Problems.Count > 0)
        {
            return ConfigEdit.Refused(ConfigResult.Invalid, [.. validator.Problems.Select(p => file?.Locate(p.Path, p.Text) ?? p.Text)]) with { StreamIndex = streamIndex };
        }

        if (LevelsOf(root) > MostLevels) return ConfigEdit.Refused(ConfigResult.Invalid, new LocalizedText($"嵌套不能超过 {MostLevels} 层", $"it must not be nested deeper than {MostLevels} levels"));

        var fields = root!.AsObject();
        foreach (var stream in Streams(fields)) stream!.AsObject().Remove(ConfigFields.Index);
        var document = new ConfigDocument(fields, rules, [.. validator.Warnings, .. notes]);
        return Encoding.UTF8.GetByteCount(document.Text) > MostBytes
            ? ConfigEdit.Refused(ConfigResult.Invalid, new LocalizedText("配置不能超过 16 MB", "the configuration must not be larger than 16 MB"))
            : ConfigEdit.Done(document, streamIndex);
    }

    private static int LevelsOf(JsonNode? node) => node switch
    {
        JsonObject fields => 1 + fields.Select(field => LevelsOf(field.Value)).DefaultIfEmpty().Max(),
        JsonArray items => 1 + items.Select(LevelsOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch) target[name] = value?.DeepClone();
    }

    private static JsonArray Streams(JsonObject root) => root[ConfigFields.Streams]!.AsArray();

    private bool HasStream(int index) => index >= 0 && index < Config.Streams.Length;

    private static ConfigEdit NoSuchStream(int index) => ConfigEdit.Refused(ConfigResult.NoSuchStream, ConfigMessages.NoSuchStream(index)) with { StreamIndex = index };
}
