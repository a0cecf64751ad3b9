namespace OrleansRecorder.Media.Mp4;

/// <summary>Writes the boxes before a fragment's media (ISO 14496-12, 8.8): <c>moof</c>, and the head of its <c>mdat</c>.</summary>
internal static class Fragment
{
    /// <summary>Sample flags (8.8.3.1): depends on no other.</summary>
    public const uint SyncFlags = 0x02000000;

    /// <summary>Sample flags (8.8.3.1): depends on others, and is no sync sample.</summary>
    public const uint NonSyncFlags = 0x01010000;

    private const uint DefaultBaseIsMoof = 0x020000;
    private const uint DefaultDuration = 0x08;
    private const uint DefaultFlags = 0x20;
    private const uint DataOffset = 0x01;
    private const uint FirstFlags = 0x04;
    private const uint Durations = 0x100;
    private const uint Sizes = 0x200;
    private const uint Flags = 0x400;
    private const uint Offsets = 0x800;
    private const int MdatHeader = 8;

    /// <summary>Writes the fragment that the tracks' samples make up: first all pictures, then all sound.</summary>
    public static void Write(BoxWriter boxes, uint number, FragmentTrack video, FragmentTrack? sound, long? nextDecode)
    {
        var moof = boxes.Begin("moof"u8);
        var header = boxes.Begin("mfhd"u8, 0, 0);
        boxes.UInt32(number);
        boxes.End(header);
        var videoOffset = WriteTrack(boxes, video, nextDecode);
        var soundOffset = sound is null ? null : WriteTrack(boxes, sound, nextDecode: null);
        boxes.End(moof);

        var data = (uint)(boxes.Length - moof + MdatHeader);
        if (videoOffset is { } first) boxes.Patch(first, data);
        if (soundOffset is { } second) boxes.Patch(second, (uint)(data + video.Bytes));
        var mdat = boxes.Begin("mdat"u8);
        boxes.End(mdat, video.Bytes + (sound?.Bytes ?? 0));
    }

    // Returns where the offset of its data goes, which is known when the moof has ended.
    private static int? WriteTrack(BoxWriter boxes, FragmentTrack track, long? nextDecode)
    {
        var samples = track.Samples;
        if (samples.Length == 0) return null;
        var duration = CommonDuration(track, nextDecode);
        var traf = boxes.Begin("traf"u8);
        var header = boxes.Begin("tfhd"u8, 0, DefaultBaseIsMoof | DefaultFlags | (duration is null ? 0 : DefaultDuration));
        boxes.UInt32(track.Header.Id);
        if (duration is { } common) boxes.UInt32(common);
        boxes.UInt32(track.Header.IsVideo ? NonSyncFlags : SyncFlags);
        boxes.End(header);

        var time = boxes.Begin("tfdt"u8, 1, 0);
        boxes.UInt64((ulong)track.Header.ToMediaTime(samples[0].Decode, track.Origin));
        boxes.End(time);
        var offset = WriteRun(boxes, track, nextDecode, hasDurations: duration is null);
        boxes.End(traf);
        return offset;
    }

    private static int WriteRun(BoxWriter boxes, FragmentTrack track, long? nextDecode, bool hasDurations)
    {
        var samples = track.Samples;
        var (firstOnly, own) = SyncKind(track);
        var hasOffsets = false;
        foreach (ref readonly var sample in samples) hasOffsets |= sample.Offset != 0;
        var flags = DataOffset | Sizes | (firstOnly ? FirstFlags : 0) | (hasDurations ? Durations : 0) | (own ? Flags : 0) | (hasOffsets ? Offsets : 0);

        var run = boxes.Begin("trun"u8, 1, flags);
        boxes.UInt32((uint)samples.Length);
        var offset = boxes.Length;
        boxes.UInt32(0);
        if (firstOnly) boxes.UInt32(SyncFlags);
        for (var i = 0; i < samples.Length; i++)
        {
            if (hasDurations) boxes.UInt32(track.Duration(i, nextDecode));
            boxes.UInt32((uint)samples[i].Length);
            if (own) boxes.UInt32(samples[i].IsSync ? SyncFlags : NonSyncFlags);
            if (hasOffsets) boxes.UInt32((uint)samples[i].Offset);
        }

        boxes.End(run);
        return offset;
    }

    private static uint? CommonDuration(FragmentTrack track, long? nextDecode)
    {
        var common = track.Duration(0, nextDecode);
        for (var i = 1; i < track.Samples.Length; i++)
        {
            if (track.Duration(i, nextDecode) != common) return null;
        }

        return common;
    }

    // The default fits sound and all pictures but key frames; most fragments begin with one and have no other.
    private static (bool FirstOnly, bool Own) SyncKind(FragmentTrack track)
    {
        if (!track.Header.IsVideo) return (false, false);
        var samples = track.Samples;
        var syncs = 0;
        foreach (ref readonly var sample in samples) syncs += sample.IsSync ? 1 : 0;
        return syncs == 0 ? (false, false) : syncs == 1 && samples[0].IsSync ? (true, false) : (false, true);
    }
}
