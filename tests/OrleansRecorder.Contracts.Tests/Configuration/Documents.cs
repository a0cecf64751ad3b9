using OrleansRecorder.Configuration;

namespace OrleansRecorder.Contracts.Tests.Configuration;

/// <summary>Documents to edit.</summary>
internal static class Documents
{
    public const string Users = """
        {
          "global_config": {
            "total_poll_duration_seconds": 60,
            "max_concurrent_streams": 2,
            "output_directory": "./output",
            "report_filename": "rtsp_report.json",
            "connection_timeout_seconds": 10,
            "read_timeout_seconds": 15,
            "poll_cycles": -1,
            "cycle_interval_seconds": 30
          },
          "streams": [
            {
              "rtsp_url": "rtsp://218.94.57.146:40007/rtp/44010200492000000074_34020000001320000001",
              "duration_seconds": 15,
              "weight": 1.0,
              "output_filename": "test_stream1.mp4"
            },
            {
              "rtsp_url": "rtsp://admin:secret@218.94.57.146:40007/rtp/44010200492000000164_34020000001320000001",
              "duration_seconds": 20,
              "weight": 1.5,
              "output_filename": "test_stream2.mp4"
            }
          ]
        }

        """;

    public static ConfigDocument Valid { get; } = Accept(ConfigDocument.Parse(Users));

    /// <summary>The document of an edit that must have been made.</summary>
    public static ConfigDocument Accept(ConfigEdit edit)
    {
        Assert.True(edit.IsDone, string.Join('\n', edit.Problems.Select(p => p.Chinese)));
        Assert.Empty(edit.Problems);
        return edit.Document;
    }

    /// <summary>The Chinese problems of an edit that must not have been made.</summary>
    public static string[] Refuse(ConfigEdit edit, ConfigResult result = ConfigResult.Invalid)
    {
        Assert.Equal(result, edit.Result);
        Assert.Null(edit.Document);
        Assert.NotEmpty(edit.Problems);
        Assert.All(edit.Problems, p => Assert.False(p.English.Any(c => c is >= '\u4e00' and <= '\u9fff'), p.English));
        return [.. edit.Problems.Select(p => p.Chinese)];
    }
}
