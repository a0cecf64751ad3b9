using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

#pragma warning disable CS1591 // FFmpeg documents its callbacks

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate int AVIOInterruptCB_callback(void* @p0);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate void av_log_set_callback_callback(void* @p0, int @p1, [MarshalAs(UnmanagedType.LPUTF8Str)] string @p2, byte* @p3);

public struct AVIOInterruptCB_callback_func
{
    public IntPtr Pointer;

    public static implicit operator AVIOInterruptCB_callback_func(AVIOInterruptCB_callback? func) => new() { Pointer = Callbacks.Pointer(func) };
}

public struct av_log_set_callback_callback_func
{
    public IntPtr Pointer;

    public static implicit operator av_log_set_callback_callback_func(av_log_set_callback_callback? func) => new() { Pointer = Callbacks.Pointer(func) };
}

internal static class Callbacks
{
    public static IntPtr Pointer(Delegate? func) => func is null ? 0 : Marshal.GetFunctionPointerForDelegate(func);
}
