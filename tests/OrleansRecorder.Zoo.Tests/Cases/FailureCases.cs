using OrleansRecorder.Cameras;
using OrleansRecorder.Captures;
using OrleansRecorder.Testing;
using OrleansRecorder.Zoo.Tests.Checks;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>A21 to A26: cameras that give nothing. Each has its own status and leaves no file (O15).</summary>
internal static class FailureCases
{
    public static IReadOnlyList<ZooCase> All { get; } =
    [
        new("A21 not-found", 10, stage => Fails(stage, CameraFaultKind.NotFound, CaptureCause.NotFound, CaptureStatus.Unavailable)),
        new("A22 busy", 10, stage => Fails(stage, CameraFaultKind.Unavailable, CaptureCause.Busy, CaptureStatus.Unavailable)),
        new("A23 bad-password", 10, IsNotLetIn),
        new("A24 refused", 10, IsRefused),
        new("A25 mute", 20, stage => Fails(stage, CameraFaultKind.Silent, CaptureCause.ConnectTimeout, CaptureStatus.TimedOut)),
        new("A26 no-media", 20, stage => Fails(stage, CameraFaultKind.Stall, CaptureCause.NoMedia, CaptureStatus.Unavailable)),
    ];

    private static async Task<ZooCamera> Fails(ZooStage stage, CameraFaultKind fault, CaptureCause cause, CaptureStatus status)
    {
        var camera = await stage.Add(stage.AnyCamera() with { User = "admin", Password = "secret", Fault = new CameraFault(fault) });
        var order = ZooStage.Order(camera.Url(), 20);
        var result = await stage.Record(order with { Deadline = DateTimeOffset.UtcNow + ZooStage.Budget });
        IsAsExpected(stage, result, cause, status);
        Assert.DoesNotContain("secret", $"{result.Message.English}{result.Message.Chinese}", StringComparison.Ordinal);
        return camera;
    }

    // A camera that is asked with a wrong password too often locks the account.
    private static async Task IsNotLetIn(ZooStage stage)
    {
        var camera = await Fails(stage, CameraFaultKind.Unauthorized, CaptureCause.Authentication, CaptureStatus.ConnectionError);
        var attempts = camera.Wire.Requests.Count(r => r.Scheme.Length > 0);
        CheckFailed.Unless(attempts is 1 or 2, "W", $"the password was tried {attempts} times");
        CheckFailed.Unless(camera.Wire.Connections.Count == 1, "W", $"{camera.Wire.Connections.Count} connections");
    }

    private static async Task IsRefused(ZooStage stage)
    {
        var port = Ports.Free();
        var result = await stage.Record(ZooStage.Order($"rtsp://127.0.0.1:{port}/cam/1", 20) with { Deadline = DateTimeOffset.UtcNow + ZooStage.Budget });
        IsAsExpected(stage, result, CaptureCause.Refused, CaptureStatus.ConnectionError);
    }

    private static void IsAsExpected(ZooStage stage, CaptureResult result, CaptureCause cause, CaptureStatus status)
    {
        Assert.Equal((cause, status), (result.Cause, result.Status));
        Assert.NotEmpty(result.Message.Chinese);
        CheckFailed.Unless(stage.Files.Count == 0 && result.Parts.Length == 0, "O15", $"there are files: {string.Join(' ', stage.Files)}");
    }
}
