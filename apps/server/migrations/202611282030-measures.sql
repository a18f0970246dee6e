-- Of an intake, the first so many rows were new; the others were known and filled in. Null: all were new.
alter table telemetry_intake add column fresh integer;
-- What a second witness brought of rows that had been counted before, by id.
alter table telemetry_intake add column gained jsonb;

-- Numbers over time: rows with retention, not facts.
create table measure_series (
  id text primary key,
  system text not null,
  name text not null,
  kind text not null,
  unit text not null,
  origin text not null,
  feature text not null,
  model text not null,
  prompt text not null,
  groups jsonb not null,
  first_minute text not null,
  last_minute text not null
);
create index measure_of_system on measure_series (system, name);
create index measure_latest on measure_series (last_minute);

-- One row a series and minute; after two days one a series and five minutes (`step`).
create table measure_minute (
  series text not null,
  minute text not null,
  step smallint not null,
  n double precision not null,
  x double precision not null,
  sum double precision not null,
  low double precision,
  high double precision,
  sketch text,
  parts jsonb,
  primary key (series, minute)
);
create index measure_minute_old on measure_minute (minute, step);

-- What was counted and not yet added to the minutes: written with what was counted, in one transaction.
create table measure_delta (
  id text primary key,
  at text not null,
  data jsonb not null
);

-- How far each OpenTelemetry stream has counted, so that a retry or a restart of the sender counts once.
create table measure_stream (
  id text primary key,
  at text not null,
  data jsonb not null
);
create index measure_stream_old on measure_stream (at);

-- Business numbers that were taken, so that sending one again changes nothing.
create table measure_receipt (
  key text primary key,
  at text not null
);
create index measure_receipt_old on measure_receipt (at);

-- What did not fit, by reason: nothing is left out in silence.
create table measure_left_out (
  system text not null,
  name text not null,
  why text not null,
  count bigint not null,
  last_at text not null,
  primary key (system, name, why)
);

-- The same by the hour, for long looks.
create table measure_hour (
  series text not null,
  minute text not null,
  step smallint not null,
  n double precision not null,
  x double precision not null,
  sum double precision not null,
  low double precision,
  high double precision,
  sketch text,
  parts jsonb,
  primary key (series, minute)
);
create index measure_hour_old on measure_hour (minute);
