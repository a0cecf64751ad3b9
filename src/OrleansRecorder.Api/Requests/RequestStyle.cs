using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansRecorder.Api.Requests;

/// <summary>How the answer to one request is worded.</summary>
internal static class RequestStyle
{
    /// <summary>The language that the client asks for, the host's time zone, and the configured way to write a time that has not come yet.</summary>
    public static DocumentStyle Style(this HttpContext context) => new()
    {
        English = PrefersEnglish(context.Request),
        TimeZone = context.RequestServices.GetRequiredService<TimeProvider>().LocalTimeZone,
        EpochForUnfinished = context.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value.UnfinishedTime == UnfinishedTime.Epoch,
    };

    /// <summary>A message in the language of the request.</summary>
    public static string Say(this HttpContext context, string chinese, string english) => context.Style().Message(new LocalizedText(chinese, english));

    /// <summary>English when <c>Accept-Language</c> ranks it above Chinese; of equal ranks the one named first. Chinese when neither is named.</summary>
    private static bool PrefersEnglish(HttpRequest request)
    {
        var (english, chinese) = (0.0, 0.0);
        foreach (var language in request.GetTypedHeaders().AcceptLanguage)
        {
            var quality = language.Quality ?? 1;
            if (Is(language.Value, "en") && quality > Math.Max(english, chinese)) english = quality;
            if (Is(language.Value, "zh") && quality > Math.Max(english, chinese)) chinese = quality;
        }

        return english > chinese;
    }

    private static bool Is(Microsoft.Extensions.Primitives.StringSegment range, string language) =>
        range.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (range.Length == language.Length || range[language.Length] == '-');
}
