-- What changes somebody else's switch when a hold comes into force, derived from facts.
create table executor_board (
  id text primary key,
  name text not null,
  retired boolean not null,
  data jsonb not null
);
-- The controls each acts for.
create table executor_control_board (
  executor text not null,
  control text not null,
  system text not null,
  primary key (executor, control)
);
create index executor_of_control on executor_control_board (control);
create index executor_of_system on executor_control_board (system);

-- What became of each hold and letting go at the switch.
create table executor_order_board (
  executor text not null,
  hold text not null,
  way text not null,
  incident text not null,
  state text not null,
  ordered_at text not null,
  data jsonb not null,
  primary key (executor, hold, way)
);
create index executor_order_of_incident on executor_order_board (incident, ordered_at);
create index executor_order_of_hold on executor_order_board (hold);
create index executor_order_open on executor_order_board (ordered_at) where state in ('ordered', 'under-way', 'failed');

-- Not boards: the secret each proves itself with, sealed; the runners heard lately.
create table executor_secret (
  executor text primary key,
  sealed text not null
);
create table executor_runner (
  name text primary key,
  seen_at text not null,
  scripts jsonb not null
);
