using FFmpeg.AutoGen;

namespace OrleansRecorder.Media.Native.Handles;

/// <summary>A dictionary of options for one call; a struct on the stack of its user, who disposes of it.</summary>
internal unsafe ref struct OptionsHandle : IDisposable
{
    private AVDictionary* _options;

    /// <summary>Sets an option by FFmpeg's name.</summary>
    public string this[string name]
    {
        set
        {
            var options = _options;
            Checked.Call(ffmpeg.av_dict_set(&options, name, value, 0));
            _options = options;
        }
    }

    /// <summary>Hands the dictionary to a call, which may replace it by what it did not know.</summary>
    public AVDictionary* Pointer
    {
        readonly get => _options;
        set => _options = value;
    }

    public void Dispose()
    {
        var options = _options;
        ffmpeg.av_dict_free(&options);
        _options = null;
    }
}
