-- How holds are let go: the newest restoration of each, derived from facts.
create table restoration_board (
  hold text primary key,
  incident text not null,
  state text not null,
  next_at text,
  data jsonb not null
);
create index restoration_under_way on restoration_board (hold) where state in ('asked', 'staged', 'watched');
create index restoration_of_incident on restoration_board (incident);
