using System.CommandLine;
using OrleansRecorder.Bench;
using OrleansRecorder.Bench.Farm;
using OrleansRecorder.Bench.Ingest;

var bench = new RootCommand("Measurements of the recorder: our ingest against ffmpeg, in the same run on the same streams; downloads; and what steering a farm costs.")
{
    IngestCommand.Create(),
    CaptureWorker.Create(),
    CyclesWorker.Create(),
    DownloadsCommand.Create(),
    DownloadWorker.Create(),
    FarmCommand.Create(),
    FarmSilo.Create(),
};

return await bench.Parse(args).InvokeAsync();
