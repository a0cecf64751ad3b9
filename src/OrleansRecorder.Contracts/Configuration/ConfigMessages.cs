namespace OrleansRecorder.Configuration;

/// <summary>The sentences of the configuration API that tell what is wrong.</summary>
public static class ConfigMessages
{
    /// <summary><c>配置验证失败: max_concurrent_streams 必须大于 0</c></summary>
    public static LocalizedText Global(params IReadOnlyList<LocalizedText> problems) => Join("配置验证失败: ", "The configuration is not valid: ", problems);

    /// <summary><c>流配置参数不完整或不合法: weight 必须大于 0</c></summary>
    public static LocalizedText Stream(params IReadOnlyList<LocalizedText> problems) => Join("流配置参数不完整或不合法: ", "The stream is incomplete or not valid: ", problems);

    /// <summary><c>无效的流索引: 5</c></summary>
    public static LocalizedText NoSuchStream(int index) => new($"无效的流索引: {index}", $"No stream has the index {index}");

    private static LocalizedText Join(string chinese, string english, IReadOnlyList<LocalizedText> problems) =>
        new(chinese + string.Join("; ", problems.Select(p => p.Chinese)), english + string.Join("; ", problems.Select(p => p.English)));
}
