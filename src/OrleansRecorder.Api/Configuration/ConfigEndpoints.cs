using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Api.Configuration;

/// <summary>Shows and edits the configuration. Every edit is one call to ConfigGrain, which does them one after the other.</summary>
internal static class ConfigEndpoints
{
    private static readonly WhenUnreachable Unreachable = new(new LocalizedText("配置管理器未初始化", "the configuration manager is not initialized"));

    public static void MapConfiguration(this IEndpointRouteBuilder routes)
    {
        var config = routes.MapGroup("/api/config").WithTags("Configuration").WithMetadata(Unreachable);
        config.MapGet("", Get)
            .WithSummary("The whole configuration.").Produces<ConfigSchema>().ProducesErrors();
        config.MapPut("", Replace)
            .WithSummary("Replaces the whole configuration.").TakesBody<ConfigSchema>().ProducesErrors(400, 413, 415);
        config.MapGet("/global", GetGlobal)
            .WithSummary("The global settings.").Produces<GlobalSchema>().ProducesErrors();
        config.MapPut("/global", UpdateGlobal)
            .WithSummary("Changes the global settings that the body has.").TakesBody<GlobalSchema>().ProducesErrors(400, 413, 415);
        config.MapGet("/streams", ListStreams)
            .WithSummary("The streams, numbered from 0.").ProducesErrors();
        config.MapPost("/streams", AddStream)
            .WithSummary("Adds a stream at the end.").TakesBody<StreamSchema>().ProducesErrors(400, 413, 415);
        config.MapPut("/streams/{index}", UpdateStream)
            .WithSummary("Changes the fields of one stream that the body has.").TakesBody<StreamSchema>().ProducesErrors(400, 404, 413, 415);
        config.MapDelete("/streams/{index}", DeleteStream)
            .WithSummary("Removes one stream; later ones move down. The last one stays.").ProducesErrors(400, 404);
        config.MapPost("/save", Save)
            .WithSummary("Writes the configuration to its file, or to another one in the configuration directory.")
            .TakesBody<SaveSchema>(optional: true).ProducesErrors(400, 403, 404, 413, 415);
        config.MapPost("/reload", Reload)
            .WithSummary("Reads the file again; changes nothing when it is broken.").ProducesErrors(400, 404);
    }

    private static async Task<JsonObject> Get(HttpContext context, Cluster cluster)
    {
        var view = new ConfigView(await cluster.Idempotent(c => c.Config().Get(), context.RequestAborted));
        return WithWarnings(view.Document, view.Warnings(context.Style()));
    }

    private static async Task<ConfigChanged> Replace(HttpContext context, Cluster cluster)
    {
        var body = await JsonBody.Read(context);
        body.Remove(ConfigFields.Warnings);
        var outcome = (await cluster.Change(c => c.Config().Replace(body.Text()))).OrThrow(ConfigVerdict.InvalidDocument);
        return new ConfigChanged(context.Say("配置更新成功", "the configuration was updated")) { Warnings = new ConfigView(outcome.Current).Warnings(context.Style()) };
    }

    private static async Task<JsonObject> GetGlobal(HttpContext context, Cluster cluster)
    {
        var view = new ConfigView(await cluster.Idempotent(c => c.Config().Get(), context.RequestAborted));
        return WithWarnings(view.Global, view.Warnings(context.Style()));
    }

    private static async Task<GlobalChanged> UpdateGlobal(HttpContext context, Cluster cluster)
    {
        var body = await JsonBody.Read(context);
        body.Remove(ConfigFields.Warnings);
        var outcome = (await cluster.Change(c => c.Config().UpdateGlobal(body.Text()))).OrThrow(ConfigVerdict.InvalidDocument);
        var view = new ConfigView(outcome.Current);
        return new GlobalChanged(context.Say("全局配置更新成功", "the global settings were updated"), view.Global) { Warnings = view.Warnings(context.Style()) };
    }

    private static async Task<StreamList> ListStreams(HttpContext context, Cluster cluster)
    {
        var view = new ConfigView(await cluster.Idempotent(c => c.Config().Get(), context.RequestAborted));
        var count = view.Streams.Count;
        return new StreamList(count, [.. Enumerable.Range(0, count).Select(view.NumberedStream)]) { Warnings = view.Warnings(context.Style()) };
    }

    private static async Task<StreamAdded> AddStream(HttpContext context, Cluster cluster)
    {
        var body = await JsonBody.Read(context);
        var outcome = (await cluster.Change(c => c.Config().AddStream(body.Text()))).OrThrow(ConfigVerdict.InvalidStream);
        var view = new ConfigView(outcome.Current);
        return new StreamAdded(context.Say("流配置添加成功", "the stream was added"), outcome.StreamIndex, view.Stream(outcome.StreamIndex)) { Warnings = view.Warnings(context.Style()) };
    }

    private static async Task<StreamUpdated> UpdateStream(HttpContext context, Cluster cluster, string index)
    {
        var number = Index(index);
        var body = await JsonBody.Read(context);
        var outcome = (await cluster.Change(c => c.Config().UpdateStream(number, body.Text()))).OrThrow(ConfigVerdict.InvalidStream);
        var view = new ConfigView(outcome.Current);
        return new StreamUpdated(context.Say("流配置更新成功", "the stream was updated"), number, view.Stream(number)) { Warnings = view.Warnings(context.Style()) };
    }

    private static async Task<StreamDeleted> DeleteStream(HttpContext context, Cluster cluster, string index)
    {
        var number = Index(index);
        (await cluster.Change(c => c.Config().DeleteStream(number))).OrThrow(ConfigVerdict.InvalidDocument);
        return new StreamDeleted(context.Say("流配置删除成功", "the stream was removed"), number);
    }

    private static async Task<ConfigSaved> Save(HttpContext context, Cluster cluster)
    {
        var path = FilePath(await JsonBody.ReadOptional(context));
        var outcome = (await cluster.Change(c => c.Config().Save(path))).OrThrow(ConfigVerdict.NotSaved);
        return new ConfigSaved(context.Say("配置保存成功", "the configuration was saved"), outcome.FilePath);
    }

    private static async Task<ConfigReloaded> Reload(HttpContext context, Cluster cluster)
    {
        var outcome = await cluster.Change(c => c.Config().Reload());
        outcome.OrThrow(outcome.Result == ConfigResult.Invalid ? ConfigVerdict.InvalidDocument : ConfigVerdict.NotReloaded);
        return new ConfigReloaded(context.Say("配置重新加载成功", "the configuration was reloaded"), outcome.FilePath) { Warnings = new ConfigView(outcome.Current).Warnings(context.Style()) };
    }

    // A slip in the only field would have the wrong file overwritten.
    private static string? FilePath(JsonObject? body) => body?[ConfigFields.FilePath] switch
    {
        null when body?.Select(field => field.Key).FirstOrDefault(key => key != ConfigFields.FilePath && Spelling.Closest(key, [ConfigFields.FilePath]) is not null) is { } slip =>
            throw ApiException.BadRequest($"未知字段 {slip}: 是否应为 {ConfigFields.FilePath}?", $"{slip} is not known: did you mean {ConfigFields.FilePath}?"),
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetValue<string>()) => value.GetValue<string>(),
        _ => throw ApiException.BadRequest("file_path 必须是非空字符串", "file_path must be a string that is not empty"),
    };

    private static int Index(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return index;
        var isNumber = text.TrimStart('-').All(char.IsAsciiDigit);
        throw new ApiException(isNumber ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, new LocalizedText($"无效的流索引: {text}", $"No stream has the index {text}"));
    }

    private static JsonObject WithWarnings(JsonObject document, string[]? warnings)
    {
        if (warnings is not null) document[ConfigFields.Warnings] = new JsonArray([.. warnings.Select(warning => JsonValue.Create(warning))]);
        return document;
    }
}
