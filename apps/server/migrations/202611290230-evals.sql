-- Targets, suites with their cases, and runs: derived from facts.
create table eval_target_board (
  id text primary key,
  system text not null,
  removed boolean not null,
  data jsonb not null
);
create table eval_suite_board (
  id text primary key,
  kind text not null,
  system text not null,
  target text not null,
  judge text,
  name text not null,
  removed boolean not null,
  active boolean not null,
  data jsonb not null
);
create table eval_case_board (
  suite text not null,
  id text not null,
  place integer not null,
  data jsonb not null,
  primary key (suite, id)
);
create table eval_run_board (
  id text primary key,
  suite text not null,
  kind text not null,
  system text not null,
  state text not null,
  trigger text not null,
  version text not null,
  started_at text not null,
  ended_at text,
  data jsonb not null
);
create index eval_run_of_suite on eval_run_board (suite, started_at desc, id desc);
create index eval_run_newest on eval_run_board (started_at desc, id desc);
create index eval_run_open on eval_run_board (started_at) where state = 'running';

-- Not boards: secrets, encrypted with a key that is not in the database; when a suite is due; what was sent.
create table eval_secret (
  target text primary key,
  sealed text not null
);
create table eval_due (
  suite text primary key,
  next_at text not null
);
-- Requests of a target on a day, and of a run.
create table eval_spend (
  who text not null,
  day text not null,
  requests integer not null,
  primary key (who, day)
);

-- What was asked and answered: rows with retention. Each stands once, so a run goes on where it stopped.
create table eval_attempt (
  run text not null,
  case_id text not null,
  n integer not null,
  at text not null,
  lane integer not null,
  data jsonb not null,
  primary key (run, case_id, n)
);
create index eval_attempt_of_lane on eval_attempt (run, lane);
create table eval_result (
  run text not null,
  case_id text not null,
  state text not null,
  digest text not null,
  data jsonb not null,
  primary key (run, case_id)
);
