using OrleansRecorder.Cameras;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>What is missing between two files, by the counter that the camera paints into its pictures.</summary>
internal static class PictureGaps
{
    /// <summary>The counter begins again after so many seconds.</summary>
    public const double Round = (double)CountingCameras.FrameCount / CountingCameras.FrameRate;

    /// <summary>Seconds from the end of the last picture of one file to the first of the next; exact to a picture, and known but for whole <see cref="Round"/>s.</summary>
    public static async Task<double> Between(ReportedTask task, ReportedPart part, ReportedPart next)
    {
        var last = Counter(task, (await Picture.AllOf(part.Path))[^1]);
        var first = Counter(task, (await Picture.AllOf(next.Path))[0]);
        return (double)Missing(last, first) / CountingCameras.FrameRate;
    }

    private static int Missing(int last, int first) => (first - last - 1 + CountingCameras.FrameCount) % CountingCameras.FrameCount;

    private static int Counter(ReportedTask task, Picture picture)
    {
        Assert.True(FrameCode.TryRead(picture.Luma, picture.Width, picture.Height, picture.Width, out var camera, out var counter));
        Assert.Equal(task.Camera, camera);
        return counter;
    }
}
