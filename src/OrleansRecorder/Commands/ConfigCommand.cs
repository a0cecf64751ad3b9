using System.CommandLine;
namespace OrleansRecorder.Commands;
internal static class ConfigCommand { public static Command Create() => new("config", "Configuration files."); }
