using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansRecorder.Api.Downloads;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Api.Nodes;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Videos;

/// <summary>Lists, downloads and deletes recordings.</summary>
internal static class VideoEndpoints
{
    public static void MapVideos(this IEndpointRouteBuilder routes)
    {
        var videos = routes.MapGroup("/api").WithTags("Videos");
        videos.MapGet("/timestamps", ListTimestamps)
            .WithSummary("The cycle directories, newest first.").ProducesErrors(400);
        videos.MapGet("/videos", List)
            .WithSummary("The finished recordings, of all directories or of one, oldest directory first, then by file name.").ProducesErrors(400, 404);
        videos.MapGet("/videos/{timestamp}", ListOne)
            .WithSummary("The finished recordings of one directory.").ProducesErrors(400, 404);
        videos.MapMethods("/video", [HttpMethods.Get, HttpMethods.Head], (Delegate)Download)
            .WithSummary("A recording's file, from whichever node holds it; whole, or the part that Range names.")
            .ProducesFile("video/mp4").ProducesErrors(400, 403, 404, 409, 412, 416);
        videos.MapDelete("/video", Delete)
            .WithSummary("Deletes a recording.").ProducesErrors(400, 403, 404, 409);
        videos.MapDelete("/timestamp/{timestamp}", DeleteTimestamp)
            .WithSummary("Deletes a directory with all that is in it.").ProducesErrors(400, 403, 404, 409);
    }

    private static async Task<TimestampList> ListTimestamps(HttpContext context, Archives archives, OutputDirectory output, string? limit, string? offset)
    {
        var page = Page.Parse(offset, limit);
        var directory = await output.Get(context.RequestAborted);
        var answers = (await archives.Ask(archive => archive.ListDirectories(directory), context.RequestAborted)).OrThrow();
        var timestamps = answers.Answers
            .SelectMany(answer => answer.Answer)
            .GroupBy(found => found.Timestamp, (name, parts) => new TimestampDocument(name, parts.Sum(p => p.VideoCount), parts.Sum(p => p.TotalSize)))
            .OrderByDescending(found => found.Timestamp, StringComparer.Ordinal)
            .ToArray();
        return new TimestampList { Count = timestamps.Length, Timestamps = page.Of(timestamps), UnavailableNodes = answers.UnavailableNodes };
    }

    private static Task<VideoList> List(HttpContext context, Archives archives, OutputDirectory output, string? timestamp, string? limit, string? offset) =>
        Find(context, archives, output, string.IsNullOrEmpty(timestamp) ? null : timestamp, Page.Parse(offset, limit));

    private static Task<VideoList> ListOne(HttpContext context, Archives archives, OutputDirectory output, string timestamp, string? limit, string? offset) =>
        Find(context, archives, output, Segment.Decode(timestamp), Page.Parse(offset, limit));

    private static async Task<VideoList> Find(HttpContext context, Archives archives, OutputDirectory output, string? timestamp, Page page)
    {
        var directory = await output.Get(context.RequestAborted);
        var known = await archives.Known(context.RequestAborted);

        // One archive pages by itself. Of several, each could hold the whole page, so all of it is asked of each and merged here.
        var (offset, limit) = known.Length == 1 ? (page.Offset, page.Limit) : (0, page.Reach);
        var answers = (await archives.Ask(archive => archive.ListRecordings(directory, timestamp, offset, limit), context.RequestAborted, known: known)).OrThrow();
        if (answers.Answers.All(answer => !answer.Answer.Found))
        {
            throw answers.Silent.Length > 0
                ? ArchiveVerdict.Away(answers.Silent)
                : ApiException.NotFound($"目录不存在: {timestamp}", $"there is no such directory: {timestamp}");
        }

        var found = answers.Answers.SelectMany(answer => answer.Answer.Recordings, (answer, recording) => (Node: answer.Archive.Label, Recording: recording));
        if (known.Length > 1) found = page.Of(found.OrderBy(v => v.Recording.Timestamp, StringComparer.Ordinal).ThenBy(v => v.Recording.Filename, StringComparer.Ordinal));
        var style = context.Style();
        return new VideoList
        {
            Timestamp = timestamp,
            Count = answers.Answers.Sum(answer => answer.Answer.TotalCount),
            Videos = found.Select(video => VideoDocument.From(video.Recording, video.Node, directory, style)),
            UnavailableNodes = answers.UnavailableNodes,
        };
    }

    private static async Task<IResult> Download(HttpContext context, ArchiveFiles files, OutputDirectory output, string? path)
    {
        var wanted = Required(path);
        var directory = await output.Get(context.RequestAborted);
        return await files.Answer(context, directory, archive => archive.StatRecording(directory, wanted));
    }

    private static async Task<VideoDeleted> Delete(HttpContext context, Archives archives, OutputDirectory output, string? path)
    {
        var wanted = Required(path);
        var directory = await output.Get(context.RequestAborted);
        var answers = await archives.Change(archive => archive.DeleteRecording(directory, wanted), takesLong: false, context.RequestAborted);
        ArchiveVerdict.OfDeletion(answers, new LocalizedText("文件删除失败", "the file was not deleted"), new FailedDeletion(wanted));
        return new VideoDeleted(wanted, context.Say("文件删除成功", "the file was deleted"));
    }

    private static async Task<TimestampDeleted> DeleteTimestamp(HttpContext context, Archives archives, OutputDirectory output, string timestamp)
    {
        var name = Segment.Decode(timestamp);
        var directory = await output.Get(context.RequestAborted);
        var path = ArchivePath.FullPath(directory, name);
        var answers = await archives.Change(archive => archive.DeleteDirectory(directory, name), takesLong: true, context.RequestAborted);
        ArchiveVerdict.OfDeletion(answers, new LocalizedText("目录删除失败", "the directory was not deleted"), new FailedDeletion(path, name));
        var message = answers.Silent.Length == 0
            ? context.Say("目录删除成功", "the directory was deleted")
            : context.Say(
                $"目录已在有响应的节点上删除; 这些节点没有响应, 可能还有其中的文件: {string.Join(", ", answers.Silent)}",
                $"the directory was deleted on the nodes that answer; these do not, and may still have a part of it: {string.Join(", ", answers.Silent)}");
        return new TimestampDeleted(name, path, message) { UnavailableNodes = answers.UnavailableNodes };
    }

    private static string Required(string? path) => string.IsNullOrEmpty(path)
        ? throw ApiException.BadRequest("缺少参数 path", "the parameter path is missing")
        : path;
}
