// Each test runs whole farms in real time: side by side they would take the cores from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
