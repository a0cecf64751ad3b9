using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

#pragma warning disable CS1591 // FFmpeg documents its structures

// Offsets are those of FFmpeg 5.1 (libavformat 59, libavcodec 59, libavutil 57) on x86-64 and arm64. FFmpeg allocates all of these but the last three.

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVFormatContext
{
    [FieldOffset(8)] public AVInputFormat* @iformat;
    [FieldOffset(16)] public AVOutputFormat* @oformat;
    [FieldOffset(44)] public uint @nb_streams;
    [FieldOffset(48)] public AVStream** @streams;
    [FieldOffset(72)] public long @duration;
    [FieldOffset(92)] public int @max_delay;
    [FieldOffset(96)] public int @flags;
    [FieldOffset(104)] public long @probesize;
    [FieldOffset(112)] public long @max_analyze_duration;
    [FieldOffset(200)] public AVIOInterruptCB @interrupt_callback;
    [FieldOffset(296)] public int @flush_packets;
}

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVStream
{
    [FieldOffset(0)] public int @index;
    [FieldOffset(4)] public int @id;
    [FieldOffset(16)] public AVRational @time_base;
    [FieldOffset(52)] public AVDiscard @discard;
    [FieldOffset(208)] public AVCodecParameters* @codecpar;
}

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVCodecParameters
{
    [FieldOffset(0)] public AVMediaType @codec_type;
    [FieldOffset(4)] public AVCodecID @codec_id;
    [FieldOffset(8)] public uint @codec_tag;
    [FieldOffset(16)] public byte* @extradata;
    [FieldOffset(24)] public int @extradata_size;
    [FieldOffset(28)] public int @format;
    [FieldOffset(32)] public long @bit_rate;
    [FieldOffset(56)] public int @width;
    [FieldOffset(60)] public int @height;
    [FieldOffset(116)] public int @sample_rate;
    [FieldOffset(124)] public int @frame_size;
    [FieldOffset(144)] public AVChannelLayout @ch_layout;
}

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVPacket
{
    [FieldOffset(8)] public long @pts;
    [FieldOffset(16)] public long @dts;
    [FieldOffset(24)] public byte* @data;
    [FieldOffset(32)] public int @size;
    [FieldOffset(36)] public int @stream_index;
    [FieldOffset(40)] public int @flags;
    [FieldOffset(64)] public long @duration;
    [FieldOffset(72)] public long @pos;
}

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVCodecContext
{
    [FieldOffset(56)] public long @bit_rate;
    [FieldOffset(76)] public int @flags;
    [FieldOffset(88)] public byte* @extradata;
    [FieldOffset(96)] public int @extradata_size;
    [FieldOffset(100)] public AVRational @time_base;
    [FieldOffset(352)] public int @sample_rate;
    [FieldOffset(360)] public AVSampleFormat @sample_fmt;
    [FieldOffset(364)] public int @frame_size;
    [FieldOffset(920)] public AVChannelLayout @ch_layout;
}

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVFrame
{
    [FieldOffset(96)] public byte** @extended_data;
    [FieldOffset(112)] public int @nb_samples;
    [FieldOffset(116)] public int @format;
    [FieldOffset(136)] public long @pts;
    [FieldOffset(208)] public int @sample_rate;
    [FieldOffset(448)] public AVChannelLayout @ch_layout;
}

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVInputFormat
{
    [FieldOffset(0)] public byte* @name;
}

public unsafe partial struct AVOutputFormat
{
    public byte* @name;
}

public unsafe partial struct AVCodec
{
    public byte* @name;
}

public partial struct AVDictionary;

public partial struct SwrContext;

public partial struct AVAudioFifo;

[StructLayout(LayoutKind.Explicit, Size = 24)]
public unsafe partial struct AVChannelLayout
{
    [FieldOffset(0)] public AVChannelOrder @order;
    [FieldOffset(4)] public int @nb_channels;
    [FieldOffset(16)] public void* @opaque;
}

public partial struct AVRational
{
    public int @num;
    public int @den;
}

public unsafe partial struct AVIOInterruptCB
{
    public AVIOInterruptCB_callback_func @callback;
    public void* @opaque;
}
