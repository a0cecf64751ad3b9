using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansRecorder.Api.Errors;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Api.Requests;

/// <summary>Reads a request's body as one JSON object, or says what is wrong with it.</summary>
internal static class JsonBody
{
    /// <summary>The object in the body; throws <see cref="ApiException"/> when there is none.</summary>
    public static async Task<JsonObject> Read(HttpContext context) =>
        await ReadOptional(context) ?? throw ApiException.BadRequest("缺少请求体: 需要一个 JSON 对象", "the request has no body: a JSON object is needed");

    /// <summary>The object in the body, or null when the body is empty.</summary>
    public static async Task<JsonObject?> ReadOptional(HttpContext context)
    {
        var body = await ReadBytes(context);
        if (body.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0) return null;

        CheckContentType(context.Request);
        return Parse(body);
    }

    /// <summary>The JSON text of an object, as grains take it.</summary>
    public static string Text(this JsonObject body) => body.ToJsonString(ApiJson.Options);

    private static JsonObject Parse(byte[] body)
    {
        if (!Utf8.IsValid(body)) throw ApiException.BadRequest("请求体不是有效的 UTF-8", "the body is not valid UTF-8");
        var source = JsonSource.Read(Encoding.UTF8.GetString(body).TrimStart('\uFEFF'), tolerant: false);
        if (source.Problems.Count > 0)
        {
            throw ApiException.BadRequest(
                $"请求体不是有效的 JSON: {string.Join("; ", source.Problems.Select(p => p.Chinese))}",
                $"the body is not valid JSON: {string.Join("; ", source.Problems.Select(p => p.English))}");
        }

        return source.Root as JsonObject ?? throw ApiException.BadRequest("请求体必须是 JSON 对象", "the body must be a JSON object");
    }

    private static void CheckContentType(HttpRequest request)
    {
        if (request.ContentType is null) return;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        throw new ApiException(StatusCodes.Status415UnsupportedMediaType, new LocalizedText(
            "Content-Type 必须是 application/json, 编码 UTF-8", "Content-Type must be application/json in UTF-8"));
    }

    private static async Task<byte[]> ReadBytes(HttpContext context)
    {
        var limit = context.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value.MaxBodyBytes;
        if (context.Request.ContentLength > limit) throw TooLarge(limit);

        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            if (body.WrittenCount + read.Buffer.Length > limit)
            {
                context.Request.BodyReader.AdvanceTo(read.Buffer.End); // the server drains the rest, and cannot while a read is open
                throw TooLarge(limit);
            }

            foreach (var segment in read.Buffer) body.Write(segment.Span);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return body.WrittenSpan.ToArray();
        }
    }

    private static ApiException TooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, new LocalizedText($"请求体超过 {limit} 字节", $"the body is larger than {limit} bytes"));
}
