using System.CommandLine;
using OrleansRecorder.Bench;

var bench = new RootCommand("Measurements of the recorder against ffmpeg, in the same run on the same streams.")
{
    CapturesCommand.Create(),
    CaptureWorker.Create(),
};

return await bench.Parse(args).InvokeAsync();
