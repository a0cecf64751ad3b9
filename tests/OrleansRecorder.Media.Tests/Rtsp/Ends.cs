using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Tests.Rtsp;

internal static class Ends
{
    public static SourceEnd Stopped { get; } = new(CaptureCause.Stopped, LocalizedText.Empty);
}
