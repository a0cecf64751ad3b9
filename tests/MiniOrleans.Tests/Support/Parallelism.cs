// Most tests wait; four collections at a time finish sooner without crowding a two-core machine.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
