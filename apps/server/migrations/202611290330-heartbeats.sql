-- Derived from facts: how often something should be heard, where somebody said so.
create table heartbeat_board (
  key text primary key,
  every_minutes double precision
);

-- What is silent now, and since when; not a fact: it is found again at the next look.
create table heartbeat_silence (
  key text primary key,
  since text not null,
  told_at text not null,
  signal text
);
