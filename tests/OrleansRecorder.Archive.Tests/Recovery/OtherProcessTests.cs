using System.Diagnostics;
using OrleansRecorder.Archive.Recovery;

namespace OrleansRecorder.Archive.Tests.Recovery;

/// <summary>On a volume that nodes share: a file with a living writer in another process.</summary>
public sealed class OtherProcessTests : IAsyncLifetime
{
    private const string Cycle = ArchiveFixture.Cycle;

    // Takes the kernel's open-file lock (F_OFD_SETLK) of the whole file for writing, says so, and holds it for as long as it lives. Every Debian has Perl.
    private const string Writer = """open(my $f, "+<", $ARGV[0]) or die $!; my $l = pack("s s x4 q q l x4", 1, 0, 0, 0, 0); fcntl($f, 37, $l) or die $!; $| = 1; print "writing\n"; <STDIN>;""";

    private readonly ArchiveFixture _fixture = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();

    [Fact]
    public async Task It_is_left_alone_while_its_writer_lives_and_recovered_when_that_is_killed()
    {
        var path = _fixture.Put($"{Cycle}/.cam1.mp4.recording");
        using var writer = Process.Start(new ProcessStartInfo("perl", ["-e", Writer, path]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        try
        {
            Assert.Equal("writing", await writer.StandardOutput.ReadLineAsync());

            var whileItLives = await _fixture.Archive.RecoverAsync(Repair);
            Assert.Equal((0, 1), (whileItLives.Recovered.Count, whileItLives.Alive));
            Assert.Equal([$"{Cycle}/.cam1.mp4.recording"], whileItLives.Left);
            Assert.Equal(ArchiveResult.InUse, (await _fixture.Archive.DeleteDirectoryAsync(Cycle)).Result);
            Assert.Equal(ArchiveResult.InUse, (await _fixture.Archive.StatRecordingAsync($"{ArchiveFixture.Configured}/{Cycle}/cam1.mp4")).Result);
        }
        finally
        {
            writer.Kill();
            await writer.WaitForExitAsync();
        }

        var recovered = Assert.Single((await _fixture.Archive.RecoverAsync(Repair)).Recovered);
        Assert.Equal("cam1.mp4", recovered.Filename);
    }

    private static Task<RepairedRecording> Repair(string path, CancellationToken cancellation) => Task.FromResult(new RepairedRecording(TimeSpan.FromSeconds(1)));
}
