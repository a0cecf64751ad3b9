using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text;
using System.Text.Unicode;

namespace OrleansRecorder.Archive.Files;

/// <summary>
/// File names as Linux has them, which are bytes: UTF-8 as a rule, but old tools leave names in GBK. A byte that is no UTF-8 becomes a lone
/// surrogate U+DC80 to U+DCFF and finds its way back, so that such a file can be removed like any other.
/// </summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedIn, typeof(FileName))]
internal static unsafe class FileName
{
    private const char Escape = '\uDC00';

    public static string Decode(ReadOnlySpan<byte> name)
    {
        if (Utf8.IsValid(name)) return Encoding.UTF8.GetString(name);
        var text = new StringBuilder();
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                length = 1;
                text.Append((char)(Escape + name[0]));
            }

            name = name[length..];
        }

        return text.ToString();
    }

    public static byte[] Encode(string name)
    {
        if (!name.Any(IsEscaped)) return Encoding.UTF8.GetBytes(name);
        var bytes = new List<byte>();
        for (var i = 0; i < name.Length; i++)
        {
            var isPair = i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1]);
            if (!isPair && IsEscaped(name[i])) bytes.Add((byte)(name[i] - Escape));
            else bytes.AddRange(Encoding.UTF8.GetBytes(name.Substring(i, isPair ? 2 : 1)));
            if (isPair) i++;
        }

        return [.. bytes];
    }

    public static byte* ConvertToUnmanaged(string name)
    {
        var bytes = Encode(name);
        var native = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(native, bytes.Length));
        native[bytes.Length] = 0;
        return native;
    }

    public static void Free(byte* native) => NativeMemory.Free(native);

    private static bool IsEscaped(char c) => c is >= '\uDC80' and <= '\uDCFF';
}
