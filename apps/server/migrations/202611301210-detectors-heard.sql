-- How each local detector is: one row a detector, written some seconds apart and not for each interaction.
create table detector_beat (
  detector text primary key,
  since text not null,
  -- When it last read an interaction to its end, and what of it.
  ran_at text,
  result text not null check (result in ('found', 'nothing', 'failed', 'skipped')),
  -- Interactions in a row that it did not read, and of which systems; at most 20 of these.
  missed bigint not null,
  systems jsonb not null,
  failed_at text,
  why text
);

-- How often it read, found and failed, by the hour.
create table detector_hour (
  detector text not null,
  hour text not null,
  ran integer not null,
  found integer not null,
  failed integer not null,
  primary key (detector, hour)
);
