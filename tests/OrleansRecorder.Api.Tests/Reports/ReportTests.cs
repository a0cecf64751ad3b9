using System.Net;

namespace OrleansRecorder.Api.Reports;

public sealed class ReportTests
{
    [Theory]
    [InlineData("rtsp_report.json", "application/json; charset=utf-8")]
    [InlineData("report.txt", "text/plain; charset=utf-8")]
    [InlineData("streams.csv", "text/csv; charset=utf-8")]
    public async Task A_report_comes_with_its_type(string file, string contentType)
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Archives[1].Add("20251010_163000", file, "内容"u8.ToArray());

        using var response = await api.Http.GetAsync($"/api/reports/20251010_163000/{file}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.Equal("内容", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_report_that_is_not_there_is_404()
    {
        await using var api = await TestApi.Start();

        await api.Fail(HttpMethod.Get, "/api/reports/20251010_163000/report.txt", HttpStatusCode.NotFound);
    }
}
