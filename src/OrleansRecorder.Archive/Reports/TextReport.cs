using System.Globalization;
using System.Text;

namespace OrleansRecorder.Archive.Reports;

/// <summary>The report for a person: Chinese, plain text, columns aligned as a terminal or editor shows them.</summary>
internal static class TextReport
{
    public static byte[] Write(ReportDocument report)
    {
        var text = new StringBuilder();
        WriteSummary(text, report);
        Heading(text, "任务");
        WriteTasks(text, report.Tasks);
        WriteFiles(text, report.Tasks);
        WriteRemarks(text, report);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteSummary(StringBuilder text, ReportDocument report)
    {
        var (cycle, settings, statistics, _) = report;
        text.AppendLine(CultureInfo.InvariantCulture, $"RTSP 录制报告: 第 {cycle.Number} 轮");
        Heading(text, "周期");
        Line(text, "目录", cycle.Directory);
        Line(text, "开始时间", cycle.StartTime);
        Line(text, "结束时间", cycle.EndTime is "" ? "未结束" : cycle.EndTime);
        Line(text, "用时", Seconds(cycle.ElapsedSeconds));
        Heading(text, "设置");
        Line(text, "周期总时长", Seconds(settings.TotalPollDurationSeconds));
        Line(text, "最大并发", settings.MaxConcurrentStreams.ToString(CultureInfo.InvariantCulture));
        Line(text, "输出目录", settings.OutputDirectory);
        Line(text, "连接超时", Seconds(settings.ConnectionTimeoutSeconds));
        Line(text, "读取超时", Seconds(settings.ReadTimeoutSeconds));
        Line(text, "轮询次数", settings.PollCycles < 0 ? "无限循环" : settings.PollCycles.ToString(CultureInfo.InvariantCulture));
        Line(text, "轮询间隔", Seconds(settings.CycleIntervalSeconds));
        Heading(text, "统计");
        Line(text, "任务总数", statistics.TotalTasks.ToString(CultureInfo.InvariantCulture));
        Line(text, "已完成", statistics.CompletedTasks.ToString(CultureInfo.InvariantCulture));
        Line(text, "失败", statistics.FailedTasks.ToString(CultureInfo.InvariantCulture));
        Line(text, "已取消", statistics.CancelledTasks.ToString(CultureInfo.InvariantCulture));
        Line(text, "完成率", (statistics.CompletionRate * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %");
        Line(text, "最大并发使用", statistics.MaxConcurrentUsed.ToString(CultureInfo.InvariantCulture));
        Line(text, "录制时长", Seconds(statistics.RecordedSeconds));
        Line(text, "接收数据", Bytes(statistics.BytesReceived));
        Line(text, "文件数", statistics.FileCount.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteTasks(StringBuilder text, ReportTask[] tasks)
    {
        if (tasks.Length == 0)
        {
            text.AppendLine("无");
            return;
        }

        var table = new TextTable(
            "任务>", "流>", "状态", "开始时间", "结束时间", "录制/计划(秒)>", "数据>", "码率>", "帧率>", "中断(秒)>", "首帧(毫秒)>",
            "编码", "画面", "连接>", "节点", "地址");
        foreach (var task in tasks)
        {
            table.Add(
                Number(task.TaskId), Number(task.StreamIndex), task.StatusText, Dash(task.StartTime), Dash(task.EndTime),
                $"{Number(task.RecordedSeconds, "0.0")}/{Number(task.PlannedSeconds, "0.#")}", Bytes(task.BytesReceived), BitRate(task.BitRate),
                Number(task.FrameRate, "0.##"), Number(task.GapSeconds, "0.0##"), task.FirstFrameMs is { } ms ? Number(ms) : "-", Dash(task.Codec),
                task.Width > 0 ? $"{task.Width}x{task.Height}" : "-", Number(task.Connections), Dash(task.Node), task.RtspUrl);
        }

        table.WriteTo(text);
    }

    private static void WriteFiles(StringBuilder text, ReportTask[] tasks)
    {
        Heading(text, "文件");
        if (tasks.All(task => task.Parts.Length == 0))
        {
            text.AppendLine("无");
            return;
        }

        var table = new TextTable("任务>", "文件", "开始时间", "时长(秒)>", "大小>");
        foreach (var task in tasks)
        {
            foreach (var part in task.Parts) table.Add(Number(task.TaskId), part.Filename, part.StartTime, Number(part.DurationSeconds, "0.000"), Bytes(part.Size));
        }

        table.WriteTo(text);
    }

    private static void WriteRemarks(StringBuilder text, ReportDocument report)
    {
        Heading(text, "说明");
        var any = false;
        foreach (var note in report.Cycle.Notes) Remark("周期", note);
        foreach (var task in report.Tasks)
        {
            if (task.ErrorMessage.Length > 0) Remark($"任务 {task.TaskId}", task.ErrorMessage);
            foreach (var warning in task.Warnings) Remark($"任务 {task.TaskId}", warning);
            foreach (var gap in task.Gaps) Remark($"任务 {task.TaskId}", $"录制中断 {Number(gap.Seconds, "0.0##")} 秒 ({gap.StartTime} 至 {gap.EndTime})");
        }

        if (!any) text.AppendLine("无");

        void Remark(string what, string remark)
        {
            any = true;
            text.AppendLine(CultureInfo.InvariantCulture, $"{what}: {TextTable.OneLine(remark)}");
        }
    }

    private static void Heading(StringBuilder text, string heading) => text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"== {heading} ==");

    private static void Line(StringBuilder text, string label, string value) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"{DisplayWidth.Pad(label, 14)}{TextTable.OneLine(value)}");

    private static string Dash(string text) => text.Length == 0 ? "-" : text;

    private static string Number(double value, string format = "0") => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Seconds(double value) => Number(value, "0.###") + " 秒";

    private static string Bytes(long value) => value switch
    {
        >= 1L << 30 => Number(value / (double)(1L << 30), "0.00") + " GiB",
        >= 1L << 20 => Number(value / (double)(1L << 20), "0.00") + " MiB",
        >= 1L << 10 => Number(value / (double)(1L << 10), "0.00") + " KiB",
        _ => Number(value) + " B",
    };

    private static string BitRate(long value) => value >= 1_000_000 ? Number(value / 1e6, "0.00") + " Mb/s" : Number(value / 1e3, "0.0") + " kb/s";
}
