namespace OrleansRecorder.Media.Tests.Fuzzing;

public sealed class MutatorTests
{
    private static readonly byte[][] Examples = [[1, 2, 3, 4, 5, 6, 7, 8], [], [9]];

    [Fact]
    public void The_same_seed_makes_the_same_input()
    {
        var first = new Mutator(new Random(5), Examples);
        var second = new Mutator(new Random(5), Examples);

        for (var i = 0; i < 1000; i++) Assert.Equal(first.Next(), second.Next());
    }

    [Fact]
    public void Input_is_flipped_cut_and_lengthened()
    {
        var mutator = new Mutator(new Random(1), Examples);
        var inputs = Enumerable.Range(0, 1000).Select(_ => mutator.Next()).ToList();

        Assert.Contains(inputs, input => input.Length < 8);
        Assert.Contains(inputs, input => input.Length > 8);
        Assert.Contains(inputs, input => input.Length == 8 && !input.AsSpan().SequenceEqual(Examples[0]));
        Assert.Equal<byte>([1, 2, 3, 4, 5, 6, 7, 8], Examples[0]);
    }

    [Fact]
    public void A_failure_names_its_seed_and_keeps_its_input()
    {
        var error = Assert.Throws<InvalidOperationException>(() =>
            Fuzzer.Run("self-test", [[1, 2, 3]], input => _ = input.Length == 3 && input[2] == 3 ? 0 : throw new FormatException("odd")));

        Assert.Contains("RECORDER_FUZZ_SEED=", error.Message, StringComparison.Ordinal);
        var path = error.Message[(error.Message.LastIndexOf(' ') + 1)..];
        Assert.NotEqual<byte>([1, 2, 3], File.ReadAllBytes(path));
        File.Delete(path);
    }
}
