-- What is kept for an incident whatever the rules of its systems say. Derived from facts.
create table record_lock_board (
  incident text primary key,
  since text not null,
  -- Null while the incident is not closed.
  closed_at text,
  released boolean not null,
  data jsonb not null
);
create index record_lock_standing on record_lock_board (since, incident) where not released;
