namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>The addresses of a camera's tracks, as it announces them and as clients give them back.</summary>
internal static class TrackAddress
{
    /// <summary>The value of <c>a=control</c>.</summary>
    public static string Control(CameraOptions camera, int track, string baseUrl) =>
        camera.Quirks.Description.HasAbsoluteControls ? Of(camera, track, baseUrl) : Name(camera, track);

    /// <summary>A track's whole address.</summary>
    public static string Of(CameraOptions camera, int track, string baseUrl) => $"{baseUrl.TrimEnd('/')}/{Name(camera, track)}";

    /// <summary>Which track an address names, or null: the whole camera, or none that there is.</summary>
    public static int? TrackOf(CameraOptions camera, string url)
    {
        var quirks = camera.Quirks.Description;
        for (var i = 0; i < quirks.TrackNames.Count; i++)
        {
            if (url.EndsWith("/" + Name(camera, i), StringComparison.Ordinal)) return i;
        }

        return null;
    }

    private static string Name(CameraOptions camera, int track) => camera.Quirks.Description.TrackNames[track] + camera.Quirks.Description.TrackQuery;
}
