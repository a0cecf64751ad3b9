using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansRecorder.Support;

namespace OrleansRecorder.Configuration;

public sealed class ConfigGrainTests
{
    [Fact]
    public async Task The_file_is_the_first_version()
    {
        await using var node = await TestNode.Started(streams: 2);
        var current = await node.Config.Get();
        Assert.Equal(1, current.Version);
        Assert.Equal(2, Streams(current));
    }

    [Fact]
    public async Task Concurrent_edits_never_lose_one_another()
    {
        await using var node = await TestNode.Started(streams: 1);
        var edits = Enumerable.Range(1, 30).Select(i => node.Config.AddStream(Stream(i))).ToArray();
        var outcomes = await Task.WhenAll(edits);
        Assert.All(outcomes, o => Assert.Equal(ConfigResult.Ok, o.Result));
        Assert.Equal(Enumerable.Range(1, 30), outcomes.Select(o => o.StreamIndex).Order());
        var current = await node.Config.Get();
        Assert.Equal((31, 31), ((int)current.Version, Streams(current)));
    }

    [Fact]
    public async Task Nothing_of_an_invalid_edit_is_applied()
    {
        await using var node = await TestNode.Started();
        var before = await node.Config.Get();
        var outcome = await node.Config.UpdateGlobal("""{"cycle_interval_seconds": 9, "max_concurrent_streams": 0}""");
        Assert.Equal(ConfigResult.Invalid, outcome.Result);
        Assert.NotEmpty(outcome.Problems);
        Assert.Equal((before.Version, before.Document), (outcome.Current.Version, outcome.Current.Document));
        Assert.Equal(before.Document, (await node.Config.Get()).Document);
    }

    [Fact]
    public async Task An_edit_that_cannot_be_persisted_is_not_made()
    {
        await using var node = await TestNode.Started();
        var before = await node.Config.Get();
        node.Storage.BeforeWrite = (_, _) => throw new IOException("the database is away");
        await Assert.ThrowsAsync<ConfigStorageException>(() => node.Config.UpdateGlobal("""{"max_concurrent_streams": 9}"""));
        node.Storage.BeforeWrite = (_, _) => Task.CompletedTask;
        Assert.Equal(before.Document, (await node.Config.Get()).Document);
    }

    [Fact]
    public async Task An_edit_is_held_while_the_storage_is_away_for_a_moment_and_readers_are_not()
    {
        await using var node = await TestNode.Started(slots: 4);
        var storage = new Outage(node.Storage);
        var edit = node.Config.UpdateGlobal("""{"max_concurrent_streams": 9}""");
        await storage.TriedTwice;
        Assert.Equal(4, Slots(await node.Config.Get()));
        Assert.False(edit.IsCompleted);

        storage.End();
        Assert.Equal((ConfigResult.Ok, 2L), ((await edit).Result, (await edit).Current.Version));
        Assert.Equal(9, Slots(await node.Config.Get()));
    }

    [Fact]
    public async Task Once_an_outage_has_lasted_too_long_edits_are_refused_at_once()
    {
        await using var node = await TestNode.Started();
        node.Storage.BeforeWrite = (_, _) => throw new IOException("the database is away");
        string[] edits = ["""{"max_concurrent_streams": 9}""", """{"max_concurrent_streams": 8}""", """{"max_concurrent_streams": 7}"""];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(edits.Select(edit => Assert.ThrowsAsync<ConfigStorageException>(() => node.Config.UpdateGlobal(edit))));
        Assert.InRange(clock.Elapsed, node.Cycle.StoragePatience / 2, node.Cycle.StoragePatience * 2);
    }

    [Fact]
    public async Task An_edit_that_was_written_and_whose_answer_was_lost_is_made_once_and_succeeds()
    {
        await using var node = await TestNode.Started(streams: 1);
        node.Storage.AfterWrite = _ =>
        {
            node.Storage.AfterWrite = _ => Task.CompletedTask;
            throw new IOException("the connection broke");
        };

        var outcome = await node.Config.AddStream(Stream(1));

        Assert.Equal((ConfigResult.Ok, 2L, 2), (outcome.Result, outcome.Current.Version, Streams(outcome.Current)));
        Assert.Equal(2, node.Storage.Writes["config"]);
    }

    [Fact]
    public async Task An_edit_that_was_refused_and_turns_out_to_be_made_is_what_the_next_one_builds_upon()
    {
        await using var node = await TestNode.Started(streams: 1);
        var late = new LateWrite(node.Storage, "config");
        await Assert.ThrowsAsync<ConfigStorageException>(() => node.Config.AddStream(Stream(1)));

        await late.Arrive();
        var outcome = await node.Config.AddStream(Stream(2));

        Assert.Equal((ConfigResult.Ok, 3L, 3, 2), (outcome.Result, outcome.Current.Version, Streams(outcome.Current), outcome.StreamIndex));
    }

    [Fact]
    public async Task An_edit_that_takes_back_one_whose_answer_was_lost_is_written_though_it_seems_to_change_nothing()
    {
        await using var node = await TestNode.Started(slots: 4);
        var late = new LateWrite(node.Storage, "config");
        await Assert.ThrowsAsync<ConfigStorageException>(() => node.Config.UpdateGlobal("""{"max_concurrent_streams": 9}"""));

        await late.Arrive();
        Assert.Equal(ConfigResult.Ok, (await node.Config.UpdateGlobal("""{"max_concurrent_streams": 4}""")).Result);
        await node.Kill();
        await node.Start();

        Assert.Equal(4, Slots(await node.Config.Get()));
    }

    [Fact]
    public async Task An_edit_after_another_activation_has_written_is_refused_and_the_next_one_builds_upon_that()
    {
        await using var node = await TestNode.Started(slots: 4);
        node.Storage.BeforeWrite = (_, _) => throw new IOException("the database is away");
        await Assert.ThrowsAsync<ConfigStorageException>(() => node.Config.UpdateGlobal("""{"max_concurrent_streams": 9}"""));
        node.Storage.BeforeWrite = (_, _) => Task.CompletedTask;
        node.Storage.Change<ConfigState>("config", IConfigGrain.Key, state => (state.Writer, state.Version) = ("another", 7));

        await Assert.ThrowsAnyAsync<OrleansException>(() => node.Config.UpdateGlobal("""{"max_concurrent_streams": 8}"""));
        await TestNode.Until(async () => (await node.Config.Get()).Version == 7);

        Assert.Equal((8L, 5), await Edited(node, slots: 5));
    }

    [Fact]
    public async Task Edits_that_were_not_saved_survive_a_restart_while_the_file_is_as_it_was()
    {
        await using var node = await TestNode.Started();
        await node.Config.UpdateGlobal("""{"max_concurrent_streams": 7}""");
        await node.Kill();
        await node.Start();
        Assert.Equal(7, Slots(await node.Config.Get()));
        Assert.Equal(2, (await node.Config.Get()).Version);
    }

    [Fact]
    public async Task A_file_changed_by_hand_wins_and_the_edits_that_it_displaces_are_kept_beside_it()
    {
        await using var node = await TestNode.Started();
        await node.Config.UpdateGlobal("""{"max_concurrent_streams": 7}""");
        await node.Stop();
        node.WriteConfig(streams: 3, total: 60, slots: 5, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();

        var current = await node.Config.Get();
        Assert.Equal((3L, 5, 3), (current.Version, Slots(current), Streams(current)));
        var aside = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(node.ConfigPath)!, "config.unsaved-*.json"));
        Assert.Contains("\"max_concurrent_streams\": 7", await File.ReadAllTextAsync(aside), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(aside));
    }

    [Fact]
    public async Task A_file_changed_by_hand_displaces_nothing_when_all_was_saved()
    {
        await using var node = await TestNode.Started();
        await node.Config.UpdateGlobal("""{"max_concurrent_streams": 7}""");
        Assert.Equal(ConfigResult.Ok, (await node.Config.Save(null)).Result);
        await node.Stop();
        node.WriteConfig(streams: 1, total: 60, slots: 5, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();
        Assert.Equal(5, Slots(await node.Config.Get()));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(node.ConfigPath)!, "config.unsaved-*.json"));
    }

    [Theory]
    [InlineData("{ broken")]
    [InlineData(null)]
    public async Task A_save_over_what_was_written_by_hand_keeps_it_beside_the_file(string? byHand)
    {
        await using var node = await TestNode.Started();
        if (byHand is null) node.WriteConfig(streams: 2, total: 60, slots: 9, duration: 20, pollCycles: 1, interval: 0);
        else await File.WriteAllTextAsync(node.ConfigPath, byHand);
        var written = await File.ReadAllTextAsync(node.ConfigPath);
        await node.Config.UpdateGlobal("""{"max_concurrent_streams": 7}""");

        Assert.Equal(ConfigResult.Ok, (await node.Config.Save(null)).Result);
        Assert.Equal(ConfigResult.Ok, (await node.Config.Save(null)).Result);

        Assert.Contains("\"max_concurrent_streams\": 7", await File.ReadAllTextAsync(node.ConfigPath), StringComparison.Ordinal);
        var aside = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(node.ConfigPath)!, "config.replaced-*.json"));
        Assert.Equal(written, await File.ReadAllTextAsync(aside));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(aside));
    }

    [Fact]
    public async Task A_file_that_is_broken_or_gone_leaves_what_was_persisted()
    {
        await using var node = await TestNode.Started(slots: 4);
        await node.Stop();
        await File.WriteAllTextAsync(node.ConfigPath, "{ broken");
        await node.Start();
        Assert.Equal(4, Slots(await node.Config.Get()));
        Assert.Equal("{ broken", await File.ReadAllTextAsync(node.ConfigPath));

        await node.Stop();
        File.Delete(node.ConfigPath);
        await node.Start();
        Assert.Equal(4, Slots(await node.Config.Get()));
    }

    [Fact]
    public async Task Without_anything_persisted_a_broken_file_fails_the_start_and_says_where()
    {
        await using var node = new TestNode();
        await File.WriteAllTextAsync(node.ConfigPath, "{\n  broken");
        var exception = await Assert.ThrowsAnyAsync<Exception>(node.Start);
        Assert.Contains("line 2", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_takes_the_file_and_a_broken_one_changes_nothing()
    {
        await using var node = await TestNode.Started();
        node.WriteConfig(streams: 2, total: 60, slots: 9, duration: 20, pollCycles: 1, interval: 0);
        Assert.Equal(9, Slots((await node.Config.Reload()).Current));
        await File.WriteAllTextAsync(node.ConfigPath, "[]");
        var outcome = await node.Config.Reload();
        Assert.NotEqual(ConfigResult.Ok, outcome.Result);
        Assert.NotEmpty(outcome.Problems);
        Assert.Equal(9, Slots(await node.Config.Get()));
    }

    [Fact]
    public async Task A_save_outside_the_configuration_directory_is_forbidden()
    {
        await using var node = await TestNode.Started();
        Assert.Equal(ConfigResult.Forbidden, (await node.Config.Save("../elsewhere.json")).Result);
        Assert.Equal(ConfigResult.Ok, (await node.Config.Save("copy.json")).Result);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(node.ConfigPath)!, "copy.json")));
    }

    [Fact]
    public async Task A_change_takes_effect_with_the_next_cycle()
    {
        await using var node = await TestNode.Started(streams: 2, slots: 1, duration: 1, pollCycles: 2);
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        await node.Config.DeleteStream(1);
        Assert.Equal(2, (await node.Scheduler.GetSnapshot()).Tasks.Length);

        node.Engine.Started = FakeCapture.RecordAll;
        FakeCapture.RecordAll(node.Engine.Running[0]);
        await node.Until(s => s.Cycle == 2);
        Assert.Single((await node.Scheduler.GetSnapshot()).Tasks);
    }

    [Fact]
    public async Task The_hosts_output_directory_takes_the_place_of_the_documents()
    {
        await using var node = new TestNode { Configure = silo => silo.Configure<ConfigOptions>(o => o.OutputDirectory = "elsewhere") };
        node.WriteConfig(streams: 1, total: 60, slots: 1, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();
        Assert.Equal("elsewhere", Global(await node.Config.Get())["output_directory"]!.GetValue<string>());
    }

    private static async Task<(long Version, int Slots)> Edited(TestNode node, int slots)
    {
        var outcome = await node.Config.UpdateGlobal($$"""{"max_concurrent_streams": {{slots}}}""");
        return (outcome.Current.Version, Slots(outcome.Current));
    }

    private static string Stream(int i) => $$"""{"rtsp_url": "rtsp://camera/added{{i}}", "duration_seconds": 5, "weight": 1, "output_filename": "added{{i}}.mp4"}""";

    private static JsonNode Global(ConfigVersion version) => JsonNode.Parse(version.Document)!["global_config"]!;

    private static int Slots(ConfigVersion version) => Global(version)["max_concurrent_streams"]!.GetValue<int>();

    private static int Streams(ConfigVersion version) => JsonNode.Parse(version.Document)!["streams"]!.AsArray().Count;

    /// <summary>The storage is away from now on.</summary>
    private sealed class Outage
    {
        private readonly TestStorage _storage;
        private readonly TaskCompletionSource _triedTwice = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _tries;

        public Outage(TestStorage storage)
        {
            _storage = storage;
            storage.BeforeWrite = (_, _) =>
            {
                if (Interlocked.Increment(ref _tries) == 2) _triedTwice.SetResult();
                throw new IOException("the database is away");
            };
        }

        public Task TriedTwice => _triedTwice.Task;

        public void End() => _storage.BeforeWrite = (_, _) => Task.CompletedTask;
    }
}
