-- Policies and the exceptions to them, derived from facts.
create table policy_board (
  id text primary key,
  withdrawn boolean not null,
  stated_at text not null,
  -- Without the exceptions, which have a table of their own.
  data jsonb not null
);

create table policy_exception_board (
  id text primary key,
  policy text not null,
  system text not null,
  asked_at text not null,
  approved_at text,
  -- When it stops, or stopped, being in force or asked for.
  ends_at text not null,
  over boolean not null,
  data jsonb not null
);
create index policy_exception_of_policy on policy_exception_board (policy, asked_at desc, id);
create index policy_exception_of_system on policy_exception_board (system, ends_at, id);
create index policy_exception_due on policy_exception_board (ends_at) where not over;
