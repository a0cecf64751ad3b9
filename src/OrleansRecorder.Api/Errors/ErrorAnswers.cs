using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Errors;

/// <summary>Gives every error one shape: what endpoints throw, what routing refuses, what breaks.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    private static readonly LocalizedText Defect = new("服务器内部错误", "internal server error");

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            return;
        }
        catch (Exception e) when (context.Response.HasStarted)
        {
            // The status is sent. A broken connection tells the client that the body is not whole.
            LogBroken(e, context.Request.Method, context.Request.Path);
            context.Abort();
            return;
        }
        catch (Exception e)
        {
            context.Response.Clear();
            await Answer(context, Describe(context, e));
            return;
        }

        if (context.Response.StatusCode >= StatusCodes.Status400BadRequest && !context.Response.HasStarted)
        {
            await Answer(context, new ApiException(context.Response.StatusCode, Describe(context)));
        }
    }

    private static Task Answer(HttpContext context, ApiException error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentLength = null;
        response.Headers.ContentDisposition = default;
        return response.WriteAsJsonAsync(new ErrorDocument
        {
            Error = ReasonPhrases.GetReasonPhrase(error.Status),
            Success = error.Deletion is null ? null : false,
            Timestamp = error.Deletion?.Timestamp,
            Path = error.Deletion?.Path,
            Message = context.Style().Message(error.Text),
        }, context.RequestAborted);
    }

    private ApiException Describe(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case ApiException known:
                return known;
            case BadHttpRequestException bad:
                return new ApiException(bad.StatusCode, new LocalizedText("无法读取请求", "the request cannot be read"));
            case OrleansException when NodeUnavailableException.In(exception) is { } away:
                LogAway(context.Request.Method, context.Request.Path, away.Node);
                return new ApiException(
                    StatusCodes.Status503ServiceUnavailable, new LocalizedText($"节点不可用: {away.Node}", $"the node is not available: {away.Node}"));
            case TimeoutException or OrleansException or CodecNotFoundException:
                // The last one: a grain could not begin because its state could not be read, and the storage's own exception does not travel.
                LogUnreachable(context.Request.Method, context.Request.Path, exception.GetType().Name, exception.Message);
                return new ApiException(
                    StatusCodes.Status503ServiceUnavailable,
                    context.GetEndpoint()?.Metadata.GetMetadata<WhenUnreachable>()?.Message ?? WhenUnreachable.Otherwise);
            default:
                LogDefect(exception, context.Request.Method, context.Request.Path);
                return new ApiException(StatusCodes.Status500InternalServerError, Defect);
        }
    }

    private static LocalizedText Describe(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new($"没有这个路径: {context.Request.Path}", $"there is no such path: {context.Request.Path}"),
        StatusCodes.Status405MethodNotAllowed => new(
            $"此路径不支持 {context.Request.Method}, 支持: {context.Response.Headers.Allow}",
            $"{context.Request.Method} is not supported here, these are: {context.Response.Headers.Allow}"),
        StatusCodes.Status412PreconditionFailed => new("文件与请求的前提条件不符", "the file does not meet the request's preconditions"),
        StatusCodes.Status416RangeNotSatisfiable => new("请求的范围超出文件", "the range lies outside the file"),
        _ => new("无法处理此请求", "the request cannot be handled"),
    };

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogDefect(Exception exception, string method, string path);

    [LoggerMessage(2, LogLevel.Warning, "{Method} {Path}: the cluster cannot be reached ({Exception}: {Message})")]
    private partial void LogUnreachable(string method, string path, string exception, string message);

    [LoggerMessage(4, LogLevel.Warning, "{Method} {Path}: {Node} is not part of the cluster now")]
    private partial void LogAway(string method, string path, string node);

    [LoggerMessage(3, LogLevel.Warning, "{Method} {Path} broke off in the middle of its answer")]
    private partial void LogBroken(Exception exception, string method, string path);
}
