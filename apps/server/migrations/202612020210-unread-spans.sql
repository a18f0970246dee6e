-- Not a board: spans that look like calls of models, in names no dialect knows, by day.
create table telemetry_unread (
  system text not null,
  day text not null,
  spans integer not null,
  names jsonb not null,
  at text not null,
  primary key (system, day)
);
