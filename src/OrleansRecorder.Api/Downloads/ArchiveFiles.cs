using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansRecorder.Api.Nodes;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Downloads;

/// <summary>Answers with files of the archives: whole, in ranges, or only their headers, as RFC 9110 sections 13 and 14 say.</summary>
internal sealed class ArchiveFiles(Cluster cluster, Archives archives, OutstandingPieces outstanding)
{
    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mp4"] = "video/mp4",
        [".json"] = "application/json; charset=utf-8",
        [".txt"] = "text/plain; charset=utf-8",
        [".csv"] = "text/csv; charset=utf-8",
    };

    /// <summary>The file that one of the archives finds; throws what the client is told when none does.</summary>
    public async Task<IResult> Answer(HttpContext context, string outputDirectory, Func<IArchiveGrain, Task<ArchiveFile>> find)
    {
        var (archive, file) = ArchiveVerdict.OfFile(await archives.Ask(find, context.RequestAborted, isEnough: found => found.Result == ArchiveResult.Ok));
        var name = Path.GetFileName(file.Path);
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(name);
        context.Response.Headers.ContentDisposition = disposition.ToString();

        // Ranges are defined for GET alone, and a unit that is not known is as good as no range.
        if (HttpMethods.IsHead(context.Request.Method) || context.Request.GetTypedHeaders().Range?.Unit != "bytes") context.Request.Headers.Remove(HeaderNames.Range);

        return TypedResults.Stream(
            new ArchiveStream(cluster, outstanding, archive.Key, outputDirectory, file),
            ContentTypes.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"),
            lastModified: file.ModifiedAt,
            entityTag: new EntityTagHeaderValue($"\"{file.ETag}\""),
            enableRangeProcessing: true);
    }
}
