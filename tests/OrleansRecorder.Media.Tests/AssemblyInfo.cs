// Captures run in real time and mostly wait.
[assembly: CollectionBehavior(MaxParallelThreads = 8)]
