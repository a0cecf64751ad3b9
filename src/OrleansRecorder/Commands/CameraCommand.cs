using System.CommandLine;
namespace OrleansRecorder.Commands;
internal static class CameraCommand { public static Command Create() => new("camera", "Simulated cameras."); }
