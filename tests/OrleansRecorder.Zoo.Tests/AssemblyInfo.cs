// All cases of the zoo wait for each other's end, not for a thread.
[assembly: CollectionBehavior(MaxParallelThreads = -1)]
