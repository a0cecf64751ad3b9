namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>The answers that cameras give (RFC 2326 section 11).</summary>
internal static class RtspStatus
{
    public const string Ok = "200 OK";
    public const string Found = "302 Found";
    public const string BadRequest = "400 Bad Request";
    public const string Unauthorized = "401 Unauthorized";
    public const string NotFound = "404 Not Found";
    public const string SessionNotFound = "454 Session Not Found";
    public const string NotValidInThisState = "455 Method Not Valid in This State";
    public const string AggregateNotAllowed = "459 Aggregate Operation Not Allowed";
    public const string UnsupportedTransport = "461 Unsupported Transport";
    public const string InternalError = "500 Internal Server Error";
    public const string NotImplemented = "501 Not Implemented";
    public const string Unavailable = "503 Service Unavailable";
}
