-- Derived from facts.
create table watch_board (
  id text primary key,
  system text not null,
  measure text not null,
  active boolean not null,
  removed boolean not null,
  pages boolean not null,
  data jsonb not null
);
create index watch_of_measure on watch_board (system, measure);
create table alarm_budget_board (
  one boolean primary key default true check (one),
  per_week double precision not null
);

-- How far a watch has looked and what it remembers. Not a fact: it can be learned again from the minutes.
create table watch_state (
  watch text primary key,
  -- The newest minute it was shown; null: none.
  cursor text,
  -- The rule it was learned for: another rule begins anew.
  about text not null,
  looked_at text,
  data jsonb
);

create table watch_alarm (
  id text primary key,
  watch text not null,
  system text not null,
  measure text not null,
  at text not null,
  since text not null,
  ended_at text,
  severity smallint,
  value double precision,
  usual double precision,
  text text not null,
  change text,
  signal text
);
create index alarm_of_measure on watch_alarm (system, measure, at);
create index alarm_of_watch on watch_alarm (watch, at);
create index alarm_by_time on watch_alarm (at);
