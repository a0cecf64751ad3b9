namespace OrleansRecorder.Api.Requests;

/// <summary>A piece of a request's path.</summary>
internal static class Segment
{
    /// <summary>The server leaves %2F as it is, since it would end the segment. The archive must see the slash to refuse it.</summary>
    public static string Decode(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
