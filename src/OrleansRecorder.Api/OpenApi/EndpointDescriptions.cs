using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansRecorder.Api.Errors;

namespace OrleansRecorder.Api.OpenApi;

/// <summary>What endpoints say of themselves for the OpenAPI document.</summary>
internal static class EndpointDescriptions
{
    /// <summary>The errors it can answer with, beside those that every endpoint has.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses) endpoint.Produces<ErrorDocument>(status);
        return endpoint.Produces<ErrorDocument>(StatusCodes.Status500InternalServerError).Produces<ErrorDocument>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>It answers with a file, or with a part of one.</summary>
    public static RouteHandlerBuilder ProducesFile(this RouteHandlerBuilder endpoint, string contentType, params string[] otherContentTypes) => endpoint
        .Produces<Stream>(StatusCodes.Status200OK, contentType, otherContentTypes)
        .Produces<Stream>(StatusCodes.Status206PartialContent, contentType, otherContentTypes)
        .Produces(StatusCodes.Status304NotModified);

    /// <summary>It answers with a stream of events.</summary>
    public static RouteHandlerBuilder ProducesEvents(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<string>(StatusCodes.Status200OK, "text/event-stream");

    /// <summary>
    /// It reads a JSON body of this shape. Not what the framework's own Accepts says, which would refuse other content types before
    /// the endpoint is reached, also for requests without a body.
    /// </summary>
    public static RouteHandlerBuilder TakesBody<T>(this RouteHandlerBuilder endpoint, bool optional = false) =>
        endpoint.WithMetadata(new BodyDescription(typeof(T), optional));
}

/// <summary>The JSON body that an endpoint reads.</summary>
/// <param name="Type">Its shape.</param>
/// <param name="Optional">Whether it may be absent.</param>
internal sealed record BodyDescription(Type Type, bool Optional);
