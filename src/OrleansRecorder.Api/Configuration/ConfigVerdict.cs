using Microsoft.AspNetCore.Http;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Api.Configuration;

/// <summary>What ConfigGrain's answer to an edit means to the client.</summary>
internal static class ConfigVerdict
{
    /// <summary>In front of the problems of the document and of its global part.</summary>
    public static LocalizedText InvalidDocument { get; } = new("配置验证失败", "the configuration is not valid");

    /// <summary>In front of the problems of one stream.</summary>
    public static LocalizedText InvalidStream { get; } = new("流配置参数不完整或不合法", "the stream is incomplete or not valid");

    /// <summary>In front of the problems of writing the file.</summary>
    public static LocalizedText NotSaved { get; } = new("配置保存失败", "the configuration was not saved");

    /// <summary>In front of the problems of reading the file.</summary>
    public static LocalizedText NotReloaded { get; } = new("配置重新加载失败", "the configuration was not reloaded");

    /// <summary>Returns the outcome of an edit that was made; throws what the client is told otherwise.</summary>
    public static ConfigOutcome OrThrow(this ConfigOutcome outcome, LocalizedText failure) => outcome.Result switch
    {
        ConfigResult.Ok => outcome,
        ConfigResult.Invalid => throw Refusal(StatusCodes.Status400BadRequest, failure, outcome.Problems),
        ConfigResult.NoSuchStream => throw NoSuchStream(outcome.StreamIndex.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ConfigResult.Forbidden => throw Refusal(StatusCodes.Status403Forbidden, failure, outcome.Problems),
        ConfigResult.FileNotFound => throw Refusal(StatusCodes.Status404NotFound, failure, outcome.Problems),
        _ => throw Refusal(StatusCodes.Status500InternalServerError, failure, outcome.Problems),
    };

    /// <summary>There is no stream of that index.</summary>
    public static ApiException NoSuchStream(string index) => ApiException.NotFound($"无效的流索引: {index}", $"there is no stream of index {index}");

    private static ApiException Refusal(int status, LocalizedText failure, LocalizedText[] problems) => new(status, new LocalizedText(
        $"{failure.Chinese}: {string.Join("; ", problems.Select(p => p.Chinese))}",
        $"{failure.English}: {string.Join("; ", problems.Select(p => p.English))}"));
}
