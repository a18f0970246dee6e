create table hold_board (
  hold text primary key,
  number integer not null,
  incident text not null,
  system text not null,
  state text not null,
  confirmation text not null,
  ordered_at text not null,
  data jsonb not null
);
create unique index hold_board_number on hold_board (number);
create index hold_board_active on hold_board (system) where state = 'active';
create index hold_board_of_incident on hold_board (incident);

create table control_board (
  control text primary key,
  system text not null,
  retired boolean not null,
  last_ordered_at text,
  data jsonb not null
);
create index control_board_of_system on control_board (system);

-- Not boards: what instances say, kept as they say it.
create table guard_generation (
  log_generation text primary key,
  number bigint not null
);

create table guard_instance (
  instance text primary key,
  system text not null,
  host text not null,
  kind text not null,
  version text not null,
  transport text not null,
  presence text not null,
  fail_mode text not null,
  generation bigint not null,
  epoch bigint not null,
  unsupported jsonb not null,
  nack text,
  checks bigint not null,
  refused bigint not null,
  rerouted bigint not null,
  connected_at text,
  last_seen_at text not null,
  hub text not null
);
create index guard_instance_of_system on guard_instance (system, last_seen_at);

create table guard_ack (
  hold text not null,
  instance text not null,
  ack_ms double precision not null,
  at text not null,
  primary key (hold, instance)
);

create table guard_touch (
  hold text not null,
  instance text not null,
  refused bigint not null,
  rerouted bigint not null,
  last_at text not null,
  primary key (hold, instance)
);
