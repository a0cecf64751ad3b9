using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace MiniOrleans.Tests.Storage;

/// <summary>What holds for every storage (case 66: SQLite like memory).</summary>
/// <param name="silos">The silos that have the storage.</param>
/// <param name="storage">The storage's name; its grain type is <c>note.storage</c>, its state <c>note-storage</c>.</param>
public abstract class StorageContract(ClusterFixture silos, string storage)
{
    private readonly GrainId _id = GrainId.Create($"note.{storage}", Unique.Key("note"));

    private readonly string _stateName = $"note-{storage}";

    protected INoteGrain Grain => silos.Client.GetGrain<INoteGrain>(_id);

    /// <summary>The storage as a second, independent writer sees it.</summary>
    private IGrainStorage Storage => silos.Services(1).GetRequiredKeyedService<IGrainStorage>(storage);

    [Fact, Trait("Case", "38")]
    public async Task A_grain_without_a_record_starts_with_a_new_state()
    {
        var seen = await Grain.Look();
        Assert.Equal("blank", seen.Text);
        Assert.False(seen.RecordExists);
        Assert.Null(seen.Etag);
    }

    [Fact, Trait("Case", "39")]
    public async Task The_last_write_is_there_after_the_grain_has_been_away()
    {
        await Grain.Write("first");
        var written = await Grain.Write("second");

        var back = await AfterReturn();

        Assert.Equal("second", back.Text);
        Assert.True(back.RecordExists);
        Assert.Equal(written.Etag, back.Etag);
        Assert.NotEqual(written.Activation, back.Activation);
    }

    [Fact, Trait("Case", "40")]
    public async Task Of_two_writers_with_the_same_etag_the_second_fails_and_keeps_its_state()
    {
        await Grain.Write("start");
        var first = new GrainState<Note>();
        var second = new GrainState<Note>();
        await Storage.ReadStateAsync(_stateName, _id, first);
        await Storage.ReadStateAsync(_stateName, _id, second);
        Assert.Equal(first.ETag, second.ETag);

        first.State!.Text = "first";
        second.State!.Text = "second";
        await Storage.WriteStateAsync(_stateName, _id, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(_stateName, _id, second));

        Assert.Equal("second", second.State.Text);
        Assert.NotEqual(first.ETag, second.ETag);
    }

    [Fact, Trait("Case", "41")]
    public async Task A_grain_that_finds_its_state_stale_is_replaced_by_a_fresh_one()
    {
        var before = await Grain.Write("old");
        await WriteBehindItsBack("new");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Grain.Write("lost"));

        var after = await Grain.Look();
        Assert.Equal("new", after.Text);
        Assert.NotEqual(before.Activation, after.Activation);
    }

    [Fact, Trait("Case", "42")]
    public async Task A_cleared_state_is_new_and_can_be_written_again()
    {
        await Grain.Write("full");

        var cleared = await Grain.Clear();
        Assert.Equal(("blank", false), (cleared.Text, cleared.RecordExists));
        var read = await Grain.Read();
        Assert.Equal(("blank", false), (read.Text, read.RecordExists));
        var back = await AfterReturn();
        Assert.Equal(("blank", false), (back.Text, back.RecordExists));
        var written = await Grain.Write("again");
        Assert.Equal(("again", true), (written.Text, written.RecordExists));
        Assert.Equal("again", (await AfterReturn()).Text);
    }

    [Fact, Trait("Case", "42")]
    public async Task Clearing_what_was_never_written_does_nothing()
    {
        var cleared = await Grain.Clear();
        Assert.False(cleared.RecordExists);
        Assert.Null(cleared.Etag);
    }

    [Fact, Trait("Case", "42")]
    public async Task Clearing_with_an_old_etag_fails()
    {
        await Grain.Write("old");
        var stale = new GrainState<Note>();
        await Storage.ReadStateAsync(_stateName, _id, stale);
        await WriteBehindItsBack("new");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync(_stateName, _id, stale));

        Assert.Equal("new", (await Grain.Read()).Text);
    }

    [Fact, Trait("Case", "43")]
    public async Task Of_eight_racing_first_writes_exactly_one_succeeds()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = GrainId.Create($"note.{storage}", Unique.Key("race"));
            var races = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(async () =>
            {
                var provider = silos.Services(n % 2).GetRequiredKeyedService<IGrainStorage>(storage);
                try
                {
                    await provider.WriteStateAsync(_stateName, id, new GrainState<Note>(new Note { Text = $"{n}" }));
                    return $"{n}";
                }
                catch (InconsistentStateException)
                {
                    return null;
                }
            })));

            var winner = Assert.Single(races, text => text is not null);
            var stored = new GrainState<Note>();
            await Storage.ReadStateAsync(_stateName, id, stored);
            Assert.Equal(winner, stored.State!.Text);
        }
    }

    [Fact, Trait("Case", "45")]
    public async Task Reading_replaces_changes_that_were_not_written()
    {
        await Grain.Write("stored");
        Assert.Equal("scribbled", (await Grain.Scribble("scribbled")).Text);

        Assert.Equal("stored", (await Grain.Read()).Text);
    }

    /// <summary>Sends the grain away and looks at it when it is back.</summary>
    protected async Task<NoteView> AfterReturn()
    {
        var before = await Grain.Look();
        await Grain.Leave();
        await Eventually.IsTrue(async () => (await Grain.Look()).Activation != before.Activation);
        return await Grain.Look();
    }

    private async Task WriteBehindItsBack(string text)
    {
        var state = new GrainState<Note>();
        await Storage.ReadStateAsync(_stateName, _id, state);
        state.State!.Text = text;
        await Storage.WriteStateAsync(_stateName, _id, state);
    }
}
