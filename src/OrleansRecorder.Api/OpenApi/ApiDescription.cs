using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace OrleansRecorder.Api.OpenApi;

/// <summary>The OpenAPI document at /openapi/v1.json, and the page that shows it at /swagger.</summary>
internal static class ApiDescription
{
    private const string DocumentPath = "/openapi/v1.json";

    private static readonly Dictionary<string, (string Text, JsonSchemaType Type)> Parameters = new(StringComparer.Ordinal)
    {
        ["timestamp"] = ("A cycle directory's name, `yyyyMMdd_HHmmss`.", JsonSchemaType.String),
        ["path"] = ("A recording's `full_path` as the lists show it.", JsonSchemaType.String),
        ["file"] = ("`rtsp_report.json`, `report.txt` or `streams.csv`.", JsonSchemaType.String),
        ["name"] = ("A node's name.", JsonSchemaType.String),
        ["index"] = ("A stream's place in the configuration, from 0.", JsonSchemaType.Integer),
        ["limit"] = ("How many to return at most, from 1; all when absent.", JsonSchemaType.Integer),
        ["offset"] = ("How many to pass over, from 0.", JsonSchemaType.Integer),
    };

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(Introduce);
        options.AddOperationTransformer(DescribeParameters);
        options.AddOperationTransformer(DescribeBody);
    });

    public static void UseApiDescription(this WebApplication app)
    {
        app.UseSwaggerUI(page =>
        {
            page.DocumentTitle = "OrleansRecorder API";
            page.SwaggerEndpoint(DocumentPath, "OrleansRecorder API v1");
        });
        app.MapOpenApi(DocumentPath.Replace("v1", "{documentName}", StringComparison.Ordinal));
        app.MapGet("/", () => TypedResults.Redirect("/swagger")).ExcludeFromDescription();
    }

    private static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info.Title = "OrleansRecorder API";
        document.Info.Version = "v1";
        document.Info.Description = "Records RTSP cameras in cycles. Times are local, `yyyy-MM-dd HH:mm:ss`. Messages are Chinese, or English with `Accept-Language: en`. "
            + "Every error is `{\"error\": reason phrase, \"message\": what is wrong}`.";

        // Clients use the address that they have read the document from.
        document.Servers = [new OpenApiServer { Url = "/" }];
        return Task.CompletedTask;
    }

    private static Task DescribeParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter.Name is null || !Parameters.TryGetValue(parameter.Name, out var known)) continue;
            parameter.Description = known.Text;
            parameter.Schema = new OpenApiSchema { Type = known.Type };

            // Optional to the handler, which answers in the API's own words when it is missing.
            if (parameter.Name == "path") parameter.Required = true;
        }

        return Task.CompletedTask;
    }

    private static async Task DescribeBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var body = context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyDescription>().FirstOrDefault();
        if (body is null || context.Document is not { } document) return;

        var name = body.Type.Name;
        document.AddComponent(name, await context.GetOrCreateSchemaAsync(body.Type, null, cancellation));
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = !body.Optional,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new() { Schema = new OpenApiSchemaReference(name, document) },
            },
        };
    }
}
