using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansRecorder.Api.Downloads;
using OrleansRecorder.Api.Nodes;
using OrleansRecorder.Api.OpenApi;
using OrleansRecorder.Api.Requests;

namespace OrleansRecorder.Api.Reports;

/// <summary>The reports of a cycle.</summary>
internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/api/reports/{timestamp}/{file}", [HttpMethods.Get, HttpMethods.Head], (Delegate)Download)
            .WithTags("Reports")
            .WithSummary("A cycle's report: rtsp_report.json, report.txt or streams.csv.")
            .ProducesFile("application/json", "text/plain", "text/csv").ProducesErrors(400, 403, 404, 412, 416);

    private static async Task<IResult> Download(HttpContext context, ArchiveFiles files, OutputDirectory output, string timestamp, string file)
    {
        var directory = await output.Get(context.RequestAborted);
        return await files.Answer(context, directory, archive => archive.StatReport(directory, Segment.Decode(timestamp), Segment.Decode(file)));
    }
}
