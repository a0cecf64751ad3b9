using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OrleansRecorder.Api.Requests;

/// <summary>Pages of any origin may call the API.</summary>
internal static class CrossOrigin
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Put, HttpMethods.Post, HttpMethods.Delete, HttpMethods.Options];

    public static void Configure(CorsOptions options) => options.AddDefaultPolicy(policy => policy
        .AllowAnyOrigin().WithMethods(Methods).AllowAnyHeader()
        .WithExposedHeaders(HeaderNames.ETag, HeaderNames.ContentRange, HeaderNames.AcceptRanges, HeaderNames.ContentDisposition)
        .SetPreflightMaxAge(TimeSpan.FromHours(1)));

    /// <summary>Answers pre-flight requests, and OPTIONS that is none.</summary>
    public static void UseCrossOrigin(this IApplicationBuilder app)
    {
        app.UseCors();
        app.Use((context, next) =>
        {
            if (!HttpMethods.IsOptions(context.Request.Method)) return next(context);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = string.Join(", ", Methods);
            return Task.CompletedTask;
        });
    }
}
