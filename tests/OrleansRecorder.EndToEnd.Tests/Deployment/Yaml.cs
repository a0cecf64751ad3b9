using YamlDotNet.RepresentationModel;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

/// <summary>A node of a YAML document, read as a test wants to ask: a path that is not there is null, or empty.</summary>
internal sealed class Yaml(YamlNode? node)
{
    private const string MergeKey = "<<";

    public bool Exists => node is not null;

    /// <summary>The text of a scalar.</summary>
    public string? Text => (node as YamlScalarNode)?.Value;

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<Yaml> Items => node is YamlSequenceNode list ? [.. list.Select(item => new Yaml(item))] : [];

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string?> Texts => [.. Items.Select(item => item.Text)];

    /// <summary>The entries of a mapping, merged ones included; its own win.</summary>
    public IReadOnlyDictionary<string, Yaml> Entries
    {
        get
        {
            Dictionary<string, Yaml> entries = [];
            if (node is not YamlMappingNode mapping) return entries;
            if (mapping.Children.TryGetValue(new YamlScalarNode(MergeKey), out var merged)) entries = new(new Yaml(merged).Entries);
            foreach (var (key, value) in mapping.Children)
            {
                if (((YamlScalarNode)key).Value is { } name && name != MergeKey) entries[name] = new Yaml(value);
            }

            return entries;
        }
    }

    /// <summary>What a path of names leads to: <c>spec.template.metadata</c>.</summary>
    public Yaml this[string path] => path.Split('.').Aggregate(this, (at, name) => at.Entries.GetValueOrDefault(name) ?? new Yaml(null));

    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<Yaml> Load(string path)
    {
        using var reader = new StreamReader(path);
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. stream.Documents.Select(document => new Yaml(document.RootNode))];
    }
}
