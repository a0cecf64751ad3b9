// Each test runs whole processes in real time: side by side they would take the cores from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
