using System.CommandLine;
using OrleansRecorder.Bench;

var bench = new RootCommand("Measurements of the recorder: captures against ffmpeg, in the same run on the same streams, and downloads.")
{
    CapturesCommand.Create(),
    CaptureWorker.Create(),
    DownloadsCommand.Create(),
    DownloadWorker.Create(),
};

return await bench.Parse(args).InvokeAsync();
