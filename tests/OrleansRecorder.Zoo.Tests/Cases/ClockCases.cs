using OrleansRecorder.Cameras;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>C01 to C11: cameras whose clocks are at fault. What is recorded keeps to the wall clock.</summary>
internal static class ClockCases
{
    private const double Seconds = 10;

    private static readonly CleanRecording Relaxed = new() { Seconds = Seconds, ShareOfTime = 0.05, SoundOffset = 0.2, SoundDrift = 0.2, LongestGap = 0.2 };
    private static readonly CleanRecording Strict = new() { Seconds = Seconds };

    // Without a clock that the tracks share, only their arrival tells what belongs together.
    private static readonly CleanRecording ByArrival = Strict with { SoundOffset = 0.2 };

    public static IReadOnlyList<ZooCase> All { get; } =
    [
        new("C01 zero-times", Seconds, stage => Relaxed.Play(stage, Faulty(stage, TimestampFault.Zero))),
        new("C02 millisecond-times", Seconds, stage => Relaxed.Play(stage, Faulty(stage, TimestampFault.Milliseconds))),
        new("C03 jump-forward", Seconds, stage => Relaxed.Play(stage, Faulty(stage, TimestampFault.JumpsForward))),
        new("C04 jump-back", Seconds, stage => Relaxed.Play(stage, Faulty(stage, TimestampFault.JumpsBack))),
        new("C05 sawtooth", Seconds, stage => Relaxed.Play(stage, Faulty(stage, TimestampFault.Sawtooth))),
        new("C06 duplicate-times", Seconds, stage => Relaxed.Play(stage, Faulty(stage, TimestampFault.Duplicates))),
        new("C07 no-reports", Seconds, stage => ByArrival.Play(stage, Reports(stage, ReportStyle.Absent))),
        new("C08 reports-of-zero", Seconds, stage => ByArrival.Play(stage, Reports(stage, ReportStyle.Zero))),
        new("C09 reports-of-1970", Seconds, stage => ByArrival.Play(stage, Reports(stage, ReportStyle.Epoch))),
        new("C10 reports-apart", Seconds, stage => ByArrival.Play(stage, Reports(stage, ReportStyle.OffForSound))),
        new("C11 sequence-restarts", Seconds, stage => Strict.Play(stage, stage.AnyCamera()
            .Packets(packets => packets with { ChangesSource = true, RestartsSequence = true, SequenceWrapsAfter = 300 }))),
    ];

    private static CameraOptions Faulty(ZooStage stage, TimestampFault fault) => stage.AnyCamera().Timestamps(times => times with { Fault = fault });

    private static CameraOptions Reports(ZooStage stage, ReportStyle style) => stage.AnyCamera(AudioCodec.G711).Timestamps(times => times with { Reports = style });
}
