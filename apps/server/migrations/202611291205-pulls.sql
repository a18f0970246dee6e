-- Pulls that wait or waited for a second person, derived from facts.
create table pull_board (
  pull text primary key,
  incident text not null,
  state text not null,
  until text not null,
  data jsonb not null
);
create index pull_waiting on pull_board (until) where state = 'waiting';
create index pull_of_incident on pull_board (incident);
-- Holds that a person has to adopt.
create index hold_to_adopt on hold_board (hold) where state = 'active' and data ? 'adopt';
