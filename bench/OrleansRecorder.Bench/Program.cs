using System.CommandLine;
using OrleansRecorder.Bench;
using OrleansRecorder.Bench.Farm;

var bench = new RootCommand("Measurements of the recorder: captures against ffmpeg, in the same run on the same streams; downloads; and what steering a farm costs.")
{
    CapturesCommand.Create(),
    CaptureWorker.Create(),
    DownloadsCommand.Create(),
    DownloadWorker.Create(),
    FarmCommand.Create(),
    FarmSilo.Create(),
};

return await bench.Parse(args).InvokeAsync();
