namespace OrleansRecorder.Cameras;

/// <summary>A camera's fault and since when it has it, on the server's clock.</summary>
internal sealed record FaultState(CameraFault Fault, long Since, Func<bool>? IsLost)
{
    public static FaultState Of(CameraFault fault, long since, Random random) =>
        new(fault, since, fault.Kind == CameraFaultKind.Loss ? () => random.NextDouble() * 100 < fault.Amount : null);
}
