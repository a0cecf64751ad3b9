using System.Text.Json.Nodes;

namespace OrleansRecorder.Configuration;

/// <summary>One thing wrong with a document.</summary>
/// <param name="Path">Where: <c>global_config.poll_cycles</c>, <c>streams[1].weight</c>.</param>
/// <param name="Text">The field and the reason.</param>
internal sealed record ConfigProblem(string Path, LocalizedText Text);

/// <summary>Checks a whole document, and collects every problem and every likely misspelling.</summary>
/// <param name="rules">What the host allows.</param>
/// <param name="editedStream">The stream that an edit is about, whose fields are called by their bare names; or -1.</param>
internal sealed class ConfigValidator(ConfigRules rules, int editedStream = -1)
{
    private readonly IReadOnlyList<ConfigField> _streamFields = ConfigFields.OfStream(rules);
    private readonly List<LocalizedText> _warnings = [];

    public List<ConfigProblem> Problems { get; } = [];

    public LocalizedText[] Warnings => [.. _warnings];

    public void Check(JsonNode? root)
    {
        if (root is not JsonObject document)
        {
            Report("", new("配置必须是一个 JSON 对象", "the configuration must be a JSON object"));
            return;
        }

        WarnOfUnknown("", document, [ConfigFields.Global, ConfigFields.Streams]);
        if (Child<JsonObject>(document, ConfigFields.Global, "对象", "an object") is { } global) CheckFields(ConfigFields.Global, "", global, ConfigFields.OfGlobal);
        if (Child<JsonArray>(document, ConfigFields.Streams, "数组", "an array") is { } streams) CheckStreams(streams);
    }

    private void CheckStreams(JsonArray streams)
    {
        if (streams.Count == 0) Report(ConfigFields.Streams, new("streams 至少要有一个流", "streams must have at least one stream"));
        if (streams.Count > ConfigFields.MostStreams)
        {
            Report(ConfigFields.Streams, new($"streams 不能超过 {ConfigFields.MostStreams} 个流", $"streams must not have more than {ConfigFields.MostStreams} streams"));
            return;
        }

        for (var i = 0; i < streams.Count; i++)
        {
            var path = StreamPath(i);
            if (streams[i] is JsonObject stream) CheckFields(path, i == editedStream ? "" : path + ".", stream, _streamFields);
            else Report(path, new($"{path} 必须是一个 JSON 对象", $"{path} must be a JSON object"));
        }

        CheckNamesOfRecordings(streams);
    }

    private void CheckFields(string path, string prefix, JsonObject owner, IReadOnlyList<ConfigField> fields)
    {
        foreach (var field in fields)
        {
            var name = prefix + field.Name;
            if (!owner.TryGetPropertyValue(field.Name, out var value))
            {
                if (field.IsRequired) Report($"{path}.{field.Name}", Missing(name, field.Name, owner, fields));
            }
            else if (field.Check(value) is { } reason)
            {
                Report($"{path}.{field.Name}", new($"{name} {reason.Chinese}", $"{name} {reason.English}"));
            }
        }

        WarnOfUnknown(prefix, owner, [.. fields.Select(f => f.Name)]);
    }

    private static LocalizedText Missing(string name, string field, JsonObject owner, IReadOnlyList<ConfigField> fields)
    {
        string[] known = [.. fields.Select(f => f.Name)];
        var meant = owner.Select(p => p.Key).FirstOrDefault(key => !known.Contains(key) && Spelling.Closest(key, known) == field);
        return meant is null
            ? new($"缺少 {name}", $"{name} is missing")
            : new($"缺少 {name} (是否误写成了 {meant}?)", $"{name} is missing (is it misspelt as {meant}?)");
    }

    private void CheckNamesOfRecordings(JsonArray streams)
    {
        var owners = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < streams.Count; i++)
        {
            if (NameOf(streams[i]) is { } name && !owners.TryAdd(name, i)) ReportName(i, owners[name], other => new($"与流 {other} 的文件名重复", $"is also the file name of stream {other}"));
        }

        for (var i = 0; i < streams.Count; i++)
        {
            if (NameOf(streams[i]) is { } name && FileNames.WholeOfPart(name) is { } whole && owners.TryGetValue(whole, out var owner))
            {
                ReportName(i, owner, other => new($"与流 {other} 的分段文件名冲突", $"collides with the part files of stream {other}"));
            }
        }
    }

    private static string? NameOf(JsonNode? stream) => stream is JsonObject fields ? ConfigField.AsText(fields[ConfigFields.OutputFilename]) : null;

    private void ReportName(int later, int earlier, Func<int, LocalizedText> reasonWithOther)
    {
        var (blamed, other) = earlier == editedStream ? (earlier, later) : (later, earlier);
        var name = (blamed == editedStream ? "" : StreamPath(blamed) + ".") + ConfigFields.OutputFilename;
        var reason = reasonWithOther(other);
        Report($"{StreamPath(blamed)}.{ConfigFields.OutputFilename}", new($"{name} {reason.Chinese}", $"{name} {reason.English}"));
    }

    private void WarnOfUnknown(string prefix, JsonObject owner, IReadOnlyList<string> known)
    {
        foreach (var (name, _) in owner)
        {
            if (known.Contains(name)) continue;
            if (Spelling.Closest(name, known) is { } meant)
            {
                _warnings.Add(new($"未知字段 {prefix}{name}, 是否应为 {meant}?", $"The field {prefix}{name} is unknown; did you mean {meant}?"));
            }
            else if (HomeOf(name) is { } home)
            {
                _warnings.Add(new($"字段 {prefix}{name} 在此处不起作用, 应写在 {home} 中", $"The field {prefix}{name} has no effect here; it belongs in {home}"));
            }
        }
    }

    private string? HomeOf(string name) =>
        ConfigFields.OfGlobal.Any(f => f.Name == name) ? ConfigFields.Global
        : _streamFields.Any(f => f.Name == name) ? ConfigFields.Streams
        : name is ConfigFields.Global or ConfigFields.Streams ? "/" : null;

    private T? Child<T>(JsonObject document, string name, string chinese, string english) where T : JsonNode
    {
        if (document[name] is T child) return child;
        Report(name, document.ContainsKey(name) ? new($"{name} 必须是{chinese}", $"{name} must be {english}") : new($"缺少 {name}", $"{name} is missing"));
        return null;
    }

    private static string StreamPath(int index) => $"{ConfigFields.Streams}[{index}]";

    private void Report(string path, LocalizedText text) => Problems.Add(new ConfigProblem(path, text));
}
