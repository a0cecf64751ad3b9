using OrleansRecorder.FarmTests.Harness;

// Whole farms in real time, which mostly wait: two side by side leave the cores idle for most of the time.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: TestCollectionOrderer($"OrleansRecorder.FarmTests.Harness.{nameof(LongestFirst)}", "OrleansRecorder.FarmTests")]
