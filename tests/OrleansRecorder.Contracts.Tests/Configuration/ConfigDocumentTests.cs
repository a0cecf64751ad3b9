using System.Text.Json.Nodes;
using OrleansRecorder.Captures;
using OrleansRecorder.Configuration;
using static OrleansRecorder.Contracts.Tests.Configuration.Documents;

namespace OrleansRecorder.Contracts.Tests.Configuration;

public sealed class ConfigDocumentTests
{
    [Fact]
    public void The_users_document_is_read_into_values()
    {
        var config = Valid.Config;

        Assert.Equal(new GlobalConfig
        {
            TotalPollDurationSeconds = 60,
            MaxConcurrentStreams = 2,
            OutputDirectory = "./output",
            ReportFilename = "rtsp_report.json",
            ConnectionTimeoutSeconds = 10,
            ReadTimeoutSeconds = 15,
            PollCycles = GlobalConfig.ForEver,
            CycleIntervalSeconds = 30,
            MinDurationSeconds = 5,
            KeyframeTimeoutSeconds = 60,
        }, config.Global);
        Assert.Equal([(0, 15, 1.0, "test_stream1.mp4"), (1, 20, 1.5, "test_stream2.mp4")],
            config.Streams.Select(s => (s.Index, s.DurationSeconds, s.Weight, s.OutputFilename)));
        Assert.Equal("secret", config.Streams[1].Url.Password);
    }

    [Fact]
    public void The_text_of_a_document_is_what_the_user_wrote() => Assert.Equal(Users, Valid.Text);

    [Fact]
    public void The_optional_fields_are_read_when_they_are_there()
    {
        var global = Accept(Valid.WithGlobal("""{"min_duration_seconds": 2.5, "keyframe_timeout_seconds": 600}""")).Config.Global;

        Assert.Equal((2.5, 600), (global.MinDurationSeconds, global.KeyframeTimeoutSeconds));
    }

    [Fact]
    public void A_stream_says_which_way_it_is_taken_in_and_whether_any_certificate_will_do()
    {
        Assert.All(Valid.Config.Streams, stream => Assert.Equal((IngestPath.Auto, false), (stream.Ingest, stream.AcceptsAnyCertificate)));

        var document = Accept(Valid.WithStream(1, """{"ingest": "ffmpeg", "accept_any_certificate": true}"""));
        Assert.Equal([(IngestPath.Auto, false), (IngestPath.FFmpeg, true)], document.Config.Streams.Select(s => (s.Ingest, s.AcceptsAnyCertificate)));
        Assert.Empty(document.Warnings);
        document = Accept(document.WithStream(1, """{"ingest": "auto", "accept_any_certificate": false}"""));
        Assert.Equal((IngestPath.Auto, false), (document.Config.Streams[1].Ingest, document.Config.Streams[1].AcceptsAnyCertificate));
    }

    [Fact]
    public void Unknown_fields_stay_where_they_are_through_every_edit()
    {
        var text = Users.Replace("\"weight\": 1.0,", "\"weight\": 1.0,\n      \"备注\": { \"楼层\": [1, null, \"三\"] },").Replace("\"streams\": [", "\"x-owner\": 7,\n  \"streams\": [");
        var document = Accept(ConfigDocument.Parse(text));
        document = Accept(document.WithGlobal("""{"poll_cycles": 5, "x-note": "记"}"""));
        document = Accept(document.WithStream(0, """{"weight": 2.5, "x-room": null}"""));
        document = Accept(document.AddStream("""{"rtsp_url": "rtsp://a/1", "duration_seconds": 5, "weight": 1, "output_filename": "c.mp4", "x-new": true}"""));
        document = Accept(document.RemoveStream(1));

        var root = JsonNode.Parse(document.Text)!.AsObject();
        Assert.Equal(["global_config", "x-owner", "streams"], root.Select(p => p.Key));
        Assert.Equal(["rtsp_url", "duration_seconds", "weight", "备注", "output_filename", "x-room"], root["streams"]![0]!.AsObject().Select(p => p.Key));
        Assert.Equal("记", root["global_config"]!["x-note"]!.GetValue<string>());
        Assert.True(root["streams"]![1]!["x-new"]!.GetValue<bool>());
        Assert.Contains("\"备注\"", document.Text);
        Assert.Contains("\"三\"", document.Text);
        Assert.Empty(document.Warnings);
    }

    [Fact]
    public void An_edit_makes_a_new_document_and_leaves_the_old_one_as_it_was()
    {
        var before = Valid.Text;

        var after = Accept(Valid.WithStream(1, """{"duration_seconds": 30, "weight": 2.0}"""));

        Assert.Equal(before, Valid.Text);
        Assert.Equal(20, Valid.Config.Streams[1].DurationSeconds);
        Assert.Equal(before.Replace("\"duration_seconds\": 20", "\"duration_seconds\": 30").Replace("\"weight\": 1.5", "\"weight\": 2.0"), after.Text);
    }

    [Fact]
    public void Edits_at_once_of_one_document_do_not_disturb_each_other()
    {
        var results = new ConfigEdit[200];
        Parallel.For(0, results.Length, i => results[i] = i % 2 == 0
            ? Valid.WithGlobal($$"""{"cycle_interval_seconds": {{i}}}""")
            : Valid.AddStream($$"""{"rtsp_url": "rtsp://a/{{i}}", "duration_seconds": 5, "weight": 1, "output_filename": "c{{i}}.mp4"}"""));

        for (var i = 0; i < results.Length; i++)
        {
            var config = Accept(results[i]).Config;
            Assert.Equal(i % 2 == 0 ? (i, 2) : (30.0, 3), (config.Global.CycleIntervalSeconds, config.Streams.Length));
        }
    }

    [Fact]
    public void Only_the_fields_in_a_patch_change()
    {
        var global = Accept(Valid.WithGlobal("""{"max_concurrent_streams": 3, "poll_cycles": 5}""")).Config.Global;

        Assert.Equal(Valid.Config.Global with { MaxConcurrentStreams = 3, PollCycles = 5 }, global);
    }

    [Fact]
    public void An_empty_patch_changes_nothing() => Assert.Equal(Valid.Text, Accept(Valid.WithGlobal("{}")).Text);

    [Fact]
    public void A_stream_is_added_at_the_end()
    {
        var edit = Valid.AddStream("""{"rtsp_url": "rtsp://example.com/new_stream", "duration_seconds": 25, "weight": 1.8, "output_filename": "new_stream.mp4"}""");

        Assert.Equal(2, edit.StreamIndex);
        Assert.Equal("new_stream.mp4", Accept(edit).Config.Streams[2].OutputFilename);
    }

    [Fact]
    public void After_a_stream_is_removed_later_ones_move_down()
    {
        var edit = Valid.RemoveStream(0);

        Assert.Equal(0, edit.StreamIndex);
        Assert.Equal((0, "test_stream2.mp4"), (Accept(edit).Config.Streams.Single().Index, Accept(edit).Config.Streams.Single().OutputFilename));
    }

    [Fact]
    public void The_last_stream_stays() => Assert.Equal(["不能删除最后一个流"], Refuse(Accept(Valid.RemoveStream(0)).RemoveStream(0)));

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(5)]
    public void An_index_without_a_stream_is_refused(int index)
    {
        Assert.Equal([$"无效的流索引: {index}"], Refuse(Valid.WithStream(index, "{}"), ConfigResult.NoSuchStream));
        Assert.Equal([$"无效的流索引: {index}"], Refuse(Valid.RemoveStream(index), ConfigResult.NoSuchStream));
    }

    [Fact]
    public void A_stream_may_be_sent_back_with_the_index_that_the_answers_show()
    {
        var document = Accept(Valid.WithStream(0, """{"index": 0, "weight": 3}"""));
        Assert.DoesNotContain("index", document.Text);

        document = Accept(ConfigDocument.Parse(Users.Replace("\"weight\": 1.5", "\"index\": 1, \"weight\": 1.5")));
        Assert.Equal(Users, document.Text);
    }

    [Fact]
    public void Two_streams_may_have_one_address() =>
        Assert.Equal(2, Accept(Valid.WithStream(1, $$"""{"rtsp_url": "{{Valid.Config.Streams[0].Url.Original}}"}""")).Config.Streams.Length);

    [Fact]
    public void A_printed_configuration_shows_no_password() => Assert.DoesNotContain("secret", Valid.Config.Streams[1].ToString());

    [Theory]
    [InlineData("5", 5)]
    [InlineData("5.0", 5)]
    [InlineData("5e0", 5)]
    [InlineData("50E-1", 5)]
    public void A_whole_number_may_be_written_in_any_way(string written, int value)
    {
        var document = Accept(Valid.WithGlobal($$"""{"poll_cycles": {{written}}}"""));

        Assert.Equal(value, document.Config.Global.PollCycles);
        Assert.Contains($"\"poll_cycles\": {written}", document.Text);
    }

    [Theory]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(63)]
    public void What_is_accepted_can_be_read_again_however_deep_it_is(int levels)
    {
        var edit = Valid.WithGlobal($$"""{"site": {{new string('[', levels)}}{{new string(']', levels)}}}""");

        if (edit.IsDone) Accept(ConfigDocument.Parse(edit.Document.Text));
        else Assert.Contains("60", Assert.Single(edit.Problems).English);
        Assert.Equal(levels + 2 <= 60, edit.IsDone);
    }

    [Fact]
    public void Edits_cannot_make_a_document_that_is_too_large_for_its_file()
    {
        var half = new string('x', 9 * 1024 * 1024);
        var large = Accept(Valid.WithGlobal($$"""{"one": "{{half}}"}"""));

        var edit = large.WithGlobal($$"""{"two": "{{half}}"}""");

        Assert.Equal(ConfigResult.Invalid, edit.Result);
        Assert.Contains("16 MB", Assert.Single(edit.Problems).English);
    }

    [Fact]
    public void Limits_of_camera_hosts_are_read_in_lower_case_and_default_to_four_sessions()
    {
        Assert.Equal((4, 0), (Valid.Config.Global.MaxSessionsPerHost, Valid.Config.Global.SessionLimits.Count));

        var global = Accept(Valid.WithGlobal("""{"max_sessions_per_host": 0, "session_limits": {"Gate.Local:8554": 32, "[2001:db8::1]:8554": 10000, "10.0.0.5": 0}}""")).Config.Global;

        Assert.Equal(0, global.MaxSessionsPerHost);
        Assert.Equal([("10.0.0.5", 0), ("[2001:db8::1]:8554", 10_000), ("gate.local:8554", 32)],
            global.SessionLimits.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => (l.Key, l.Value)));
    }
}
