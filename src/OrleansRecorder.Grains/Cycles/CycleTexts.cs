namespace OrleansRecorder.Cycles;

/// <summary>What the cycle says to a person.</summary>
internal static class CycleTexts
{
    public static LocalizedText Stopped { get; } = new("调度器已被操作员停止", "the operator stopped the scheduler");

    public static LocalizedText CycleEnded { get; } = new("本周期时间已到，未能开始录制", "the cycle's time was over before its turn came");

    public static LocalizedText NoPlace { get; } = new(
        "本周期时间不足，未能安排录制；下一周期将优先录制", "the cycle had no place for this stream; it comes first in the next one");

    public static LocalizedText Interrupted { get; } = new(
        "录制被中断，剩余时间不足以继续；已录制的部分已保留", "interrupted with too little time left to go on; what was recorded is kept");

    public static LocalizedText NotEnded { get; } = new(
        "录制未能及时结束，已按中断记录", "the capture did not end in time and is recorded as interrupted");

    public static LocalizedText WentOn(int attempt) => new(
        $"第 {attempt} 次录制被中断，已在新文件中继续", $"attempt {attempt} was interrupted; recording went on in a new file");

    public static LocalizedText NotAllFound { get; } = new(
        "中断前录制的文件暂时无法恢复，未计入时长；文件仍保留在磁盘上",
        "what was recorded before an interruption could not be recovered so far and is not counted; it stays on disk");

    public static LocalizedText NoRoom { get; } = new("没有节点有空余的录制能力", "no node had room for this stream");

    public static LocalizedText HostIsBusy { get; } = new(
        "该摄像头主机的并发会话数已达上限 (max_sessions_per_host 或 session_limits)，未能开始录制",
        "the camera's host had all the sessions it may have (max_sessions_per_host, session_limits)");

    public static LocalizedText LeftOn(string node, TimeSpan recorded) => new(
        $"节点 {node} 失去联系，其上已录制约 {recorded.TotalSeconds:0} 秒；文件在该节点恢复后可用",
        $"node {node} was lost with about {recorded.TotalSeconds:0} s recorded; the files are there when it is back");

    public static LocalizedText StoppedAt(string time) => new($"操作员于 {time} 停止了调度器", $"the operator stopped the scheduler at {time}");

    public static LocalizedText InterruptedFrom(string from, string to, string node) => node.Length == 0
        ? new($"录制程序于 {from} 至 {to} 期间中断，恢复后周期继续", $"the recorder was interrupted from {from} to {to}; the cycle went on after it")
        : new($"节点 {node} 上的录制于 {from} 至 {to} 期间中断，恢复后周期继续", $"the recorder was interrupted from {from} to {to} on node {node}; the cycle went on after it");
}
