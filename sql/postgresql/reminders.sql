-- Grains' schedules, for the ADO.NET reminders of Orleans.

-- One row a reminder.
CREATE TABLE IF NOT EXISTS OrleansRemindersTable
(
    ServiceId    varchar(150) NOT NULL,     -- ClusterOptions.ServiceId
    GrainId      varchar(150) NOT NULL,     -- type/key
    ReminderName varchar(150) NOT NULL,     -- unique in its grain
    StartTime    timestamptz  NOT NULL,     -- the first tick; all others are whole periods after it
    Period       bigint       NOT NULL,     -- in milliseconds
    GrainHash    int          NOT NULL,     -- the grain's place on the ring that shares reminders out among the silos
    Version      int          NOT NULL,     -- the etag: 0 at first, one more with each new schedule

    PRIMARY KEY (ServiceId, GrainId, ReminderName)
);

CREATE INDEX IF NOT EXISTS IX_OrleansRemindersTable_GrainHash ON OrleansRemindersTable (ServiceId, GrainHash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpsertReminderRowKey', $$
    INSERT INTO OrleansRemindersTable AS stored (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
    SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = stored.Version + 1
    RETURNING Version;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadReminderRowsKey', $$
    SELECT GrainId, ReminderName, StartTime, Period, Version
    FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND GrainId = @GrainId;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadReminderRowKey', $$
    SELECT GrainId, ReminderName, StartTime, Period, Version
    FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- A silo's part of the ring, begin exclusive, end inclusive.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadRangeRows1Key', $$
    SELECT GrainId, ReminderName, StartTime, Period, Version
    FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- The same for a part that goes over the end of the ring; from one point around to itself it is the whole ring.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadRangeRows2Key', $$
    SELECT GrainId, ReminderName, StartTime, Period, Version
    FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash);
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Says 1 when it was deleted, 0 when its version is another or it is gone.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteReminderRowKey', $$
    WITH deleted AS
    (
        DELETE FROM OrleansRemindersTable
        WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version
        RETURNING 1
    )
    SELECT CAST(COUNT(*) AS int) AS Deleted FROM deleted;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Forgets all reminders of a service; for tests.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteReminderRowsKey', $$
    DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
