using Microsoft.AspNetCore.Http;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Api.Configuration;

/// <summary>What ConfigGrain's answer to an edit means to the client.</summary>
internal static class ConfigVerdict
{
    /// <summary>The message for problems of the document or of its global part.</summary>
    public static LocalizedText InvalidDocument(LocalizedText[] problems) => ConfigMessages.Global(problems);

    /// <summary>The message for problems of one stream.</summary>
    public static LocalizedText InvalidStream(LocalizedText[] problems) => ConfigMessages.Stream(problems);

    /// <summary>The message for problems of writing the file.</summary>
    public static LocalizedText NotSaved(LocalizedText[] problems) => Join("配置保存失败", "The configuration was not saved", problems);

    /// <summary>The message for problems of finding the file.</summary>
    public static LocalizedText NotReloaded(LocalizedText[] problems) => Join("配置重新加载失败", "The configuration was not reloaded", problems);

    /// <summary>Returns the outcome of an edit that was made; throws what the client is told otherwise.</summary>
    public static ConfigOutcome OrThrow(this ConfigOutcome outcome, Func<LocalizedText[], LocalizedText> message) => outcome.Result switch
    {
        ConfigResult.Ok => outcome,
        ConfigResult.NoSuchStream => throw new ApiException(StatusCodes.Status404NotFound, ConfigMessages.NoSuchStream(outcome.StreamIndex)),
        _ => throw new ApiException(Status(outcome.Result), message(outcome.Problems)),
    };

    private static int Status(ConfigResult result) => result switch
    {
        ConfigResult.Invalid => StatusCodes.Status400BadRequest,
        ConfigResult.Forbidden => StatusCodes.Status403Forbidden,
        ConfigResult.FileNotFound => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static LocalizedText Join(string chinese, string english, LocalizedText[] problems) =>
        new($"{chinese}: {string.Join("; ", problems.Select(p => p.Chinese))}", $"{english}: {string.Join("; ", problems.Select(p => p.English))}");
}
