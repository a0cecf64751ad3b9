using CsvHelper;

namespace OrleansRecorder.Archive.Reports;

/// <summary>One row a stream: RFC 4180, with a byte order mark so that Excel shows Chinese, and no cell that a spreadsheet would take for a formula.</summary>
internal static class CsvReport
{
    private static readonly (string Header, Func<ReportTask, object?> Value)[] Columns =
    [
        ("task_id", t => t.TaskId), ("stream_index", t => t.StreamIndex), ("rtsp_url", t => t.RtspUrl), ("output_file", t => t.OutputFile),
        ("status_code", t => t.StatusCode), ("status_text", t => t.StatusText), ("start_time", t => t.StartTime), ("end_time", t => t.EndTime),
        ("duration_seconds", t => t.DurationSeconds), ("planned_seconds", t => t.PlannedSeconds), ("recorded_seconds", t => t.RecordedSeconds),
        ("bytes_received", t => t.BytesReceived), ("frames_received", t => t.FramesReceived), ("bit_rate", t => t.BitRate), ("frame_rate", t => t.FrameRate),
        ("gap_count", t => t.Gaps.Length), ("gap_seconds", t => t.GapSeconds), ("first_frame_ms", t => t.FirstFrameMs), ("codec", t => t.Codec),
        ("width", t => t.Width), ("height", t => t.Height), ("attempt", t => t.Attempt), ("connections", t => t.Connections), ("node", t => t.Node),
        ("files", t => string.Join(";", t.Parts.Select(p => p.Filename))), ("error_message", t => t.ErrorMessage), ("warnings", t => string.Join("; ", t.Warnings)),
    ];

    public static byte[] Write(ReportDocument report)
    {
        var options = new CsvWriterOptions { WriteByteOrderMark = true, Injection = CsvInjection.Escape };
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, options, leaveOpen: true))
        {
            csv.WriteHeader([.. Columns.Select(column => column.Header)]);
            foreach (var task in report.Tasks)
            {
                foreach (var (_, value) in Columns) csv.WriteField(value(task));
                csv.EndRecord();
            }
        }

        return bytes.ToArray();
    }
}
