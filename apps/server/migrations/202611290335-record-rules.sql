-- How the records of each AI system are kept, derived from facts.
create table record_rule_board (
  system text primary key,
  kept_days integer,
  held boolean not null,
  data jsonb not null
);

-- Not a board: what was taken out of texts, by the hour.
create table record_taken_out (
  system text not null,
  hour text not null,
  kind text not null,
  count integer not null,
  primary key (system, hour, kind)
);

-- Not a board: what senders say about how much of it all they send.
create table telemetry_sampling (
  system text primary key,
  share double precision not null,
  at text not null
);
