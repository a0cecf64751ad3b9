using System.CommandLine;
using OrleansRecorder.Commands;

var recorder = new RootCommand("OrleansRecorder: records lists of RTSP cameras in cycles.")
{
    RunCommand.Create(),
    DemoCommand.Create(),
    SiloCommand.Create(),
    ApiCommand.Create(),
    FarmCommand.Create(),
    CameraCommand.Create(),
    ConfigCommand.Create(),
    DbCommand.Create(),
};

return await CommandLine.Run(recorder, args);
