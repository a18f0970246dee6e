-- What guards let through, held against what was recorded of it: one row for each system, no board.
create table oversight_guarded (
  system text primary key,
  data jsonb not null
);
