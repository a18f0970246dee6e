-- Derived from facts.
create table fire_drill_board (
  id text primary key,
  system text not null,
  started_at text not null,
  running boolean not null,
  data jsonb not null
);
create index fire_drill_of_system on fire_drill_board (system, started_at);

-- What was made on purpose is found by its mark.
create index candidate_by_mark on candidate_board ((data->>'mark')) where data->>'mark' is not null;
create index signal_by_mark on signal ((data->>'mark')) where data->>'mark' is not null;
