-- Holds signed ahead of time for when there is no server, derived from facts.
create table capsule_board (
  capsule text primary key,
  system text not null,
  state text not null,
  made_at text not null,
  data jsonb not null
);
create index capsule_of_system on capsule_board (system);
create index capsule_applied on capsule_board (capsule) where state = 'applied';
