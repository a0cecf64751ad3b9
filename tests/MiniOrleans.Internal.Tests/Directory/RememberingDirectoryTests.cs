using System.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace MiniOrleans.Internal.Tests.Directory;

public sealed class RememberingDirectoryTests
{
    private static readonly GrainId Grain = GrainId.Create("test", "one");
    private readonly SiloAddress _here = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private readonly SiloAddress _there = SiloAddress.New(IPAddress.Loopback, 2, 1);
    private readonly SharedDirectory _shared = new();
    private readonly RememberingDirectory _directory;

    private readonly Dictionary<GrainId, SiloAddress> _activations = [];

    public RememberingDirectoryTests() =>
        _directory = new RememberingDirectory(_shared, grain => Task.FromResult(_activations.GetValueOrDefault(grain)), new MembershipLog(NullLoggerFactory.Instance));

    [Fact]
    public async Task What_is_known_is_found_while_the_database_is_away()
    {
        await _directory.Register(Grain, _there);
        _shared.IsAway = true;

        Assert.Equal(_there, await _directory.Lookup(Grain));
        Assert.Equal(0, _shared.Lookups);
    }

    [Fact]
    public async Task What_is_not_known_is_refused_while_the_database_is_away_with_an_error_that_may_be_tried_again()
    {
        _shared.IsAway = true;

        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => _directory.Lookup(Grain).AsTask());
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => _directory.Register(Grain, _here).AsTask());
    }

    [Fact]
    public async Task A_grain_that_is_active_somewhere_is_found_while_the_database_is_away()
    {
        _shared.IsAway = true;
        _activations[Grain] = _there;

        Assert.Equal(_there, await _directory.Lookup(Grain));
    }

    [Fact]
    public async Task The_database_is_asked_again_for_what_no_silo_has_and_alone_once_it_has_answered()
    {
        _shared.IsAway = true;
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => _directory.Lookup(Grain).AsTask());
        _shared.IsAway = false;
        Assert.Null(await _directory.Lookup(Grain));
        _activations[Grain] = _there;

        Assert.Null(await _directory.Lookup(Grain));
    }

    [Fact]
    public async Task Who_was_first_is_remembered_not_who_was_asked_for()
    {
        _shared.Rows[Grain] = _there;

        Assert.Equal(_there, await _directory.Register(Grain, _here));
        Assert.Equal(_there, await _directory.Lookup(Grain));
        Assert.Equal(0, _shared.Lookups);
    }

    [Fact]
    public async Task That_a_grain_is_nowhere_is_asked_again_each_time()
    {
        Assert.Null(await _directory.Lookup(Grain));
        _shared.Rows[Grain] = _there;

        Assert.Equal(_there, await _directory.Lookup(Grain));
    }

    [Fact]
    public async Task An_answer_from_elsewhere_corrects_what_is_remembered()
    {
        await _directory.Register(Grain, _there);

        _directory.Heard(Grain, _here);

        Assert.Equal(_here, await _directory.Lookup(Grain));
    }

    [Fact]
    public async Task A_call_that_came_back_makes_the_next_one_ask()
    {
        await _directory.Register(Grain, _there);
        _shared.Rows[Grain] = _here;

        _directory.Heard(Grain, from: null);

        Assert.Equal(_here, await _directory.Lookup(Grain));
        Assert.Equal(1, _shared.Lookups);
    }

    [Fact]
    public async Task What_was_on_a_dead_silo_is_forgotten_and_nothing_else()
    {
        var other = GrainId.Create("test", "other");
        await _directory.Register(Grain, _there);
        await _directory.Register(other, _here);
        _shared.Rows.Clear();

        await _directory.UnregisterSilo(_there);

        Assert.Null(await _directory.Lookup(Grain));
        Assert.Equal(_here, await _directory.Lookup(other));
    }

    [Fact]
    public async Task An_end_elsewhere_takes_away_nobodys_registration_but_its_own()
    {
        await _directory.Register(Grain, _there);

        await _directory.Unregister(Grain, _here);

        Assert.Equal(_there, await _directory.Lookup(Grain));
        Assert.Equal(_there, _shared.Rows[Grain]);
    }

    [Fact]
    public async Task The_rows_of_a_dead_silo_are_cleared_once_the_database_is_back()
    {
        await _directory.Register(Grain, _there);
        _shared.IsAway = true;
        var clearing = _directory.ClearAsync(_there);
        Assert.False(clearing.IsCompleted);

        _shared.IsAway = false;
        await clearing.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Empty(_shared.Rows);
    }

    [Fact]
    public async Task A_place_is_kept_for_the_calls_that_follow_and_registered_by_nobody_but_the_silo_itself()
    {
        Assert.Equal(_there, await _directory.Place(Grain, _there));
        Assert.Equal(_there, await _directory.Place(Grain, _here));

        Assert.Equal(_there, _directory.Recall(Grain));
        Assert.Empty(_shared.Rows);
    }

    [Fact]
    public async Task What_has_proved_wrong_is_asked_for_anew()
    {
        await _directory.Place(Grain, _there);
        _shared.Rows[Grain] = _here;

        Assert.Equal(_here, await _directory.LookupAnew(Grain));
        Assert.Equal(_here, _directory.Recall(Grain));
    }

    private sealed class SharedDirectory : IGrainDirectory
    {
        private volatile bool _isAway;

        public Dictionary<GrainId, SiloAddress> Rows { get; } = [];

        public bool IsAway
        {
            get => _isAway;
            set => _isAway = value;
        }

        public int Lookups { get; private set; }

        public ValueTask<SiloAddress?> Lookup(GrainId grain)
        {
            Check();
            Lookups++;
            return new(Rows.GetValueOrDefault(grain));
        }

        public ValueTask<SiloAddress> Register(GrainId grain, SiloAddress silo)
        {
            Check();
            Rows.TryAdd(grain, silo);
            return new(Rows[grain]);
        }

        public ValueTask Unregister(GrainId grain, SiloAddress silo)
        {
            Check();
            if (Rows.GetValueOrDefault(grain) == silo) Rows.Remove(grain);
            return default;
        }

        public ValueTask UnregisterSilo(SiloAddress silo)
        {
            Check();
            foreach (var grain in Rows.Where(row => row.Value.Equals(silo)).Select(row => row.Key).ToList()) Rows.Remove(grain);
            return default;
        }

        private void Check()
        {
            if (IsAway) throw new IOException("The database is away.");
        }
    }
}
