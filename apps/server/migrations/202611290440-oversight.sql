-- Derived from facts.
create table oversight_board (
  system text primary key,
  data jsonb not null
);
create table supplier_notice_board (
  id text primary key,
  vendor text not null,
  settled boolean not null,
  data jsonb not null
);

-- Answers that a person has to look at; not facts: rows with retention.
create table oversight_pending (
  interaction text primary key,
  system text not null,
  feature text not null,
  due_at text not null,
  given_id text,
  trace_id text,
  reviewed_at text,
  reviewed_by text,
  outcome text,
  told boolean not null default false
);
create index oversight_due on oversight_pending (due_at) where reviewed_at is null and not told;
create index oversight_of_system on oversight_pending (system, due_at);
create index oversight_by_given on oversight_pending (system, given_id) where given_id is not null;
create index oversight_by_trace on oversight_pending (system, trace_id) where trace_id is not null;

-- Which model answered to which name.
create table oversight_answered (
  system text not null,
  asked text not null,
  answered text not null,
  count bigint not null,
  first_at text not null,
  last_at text not null,
  primary key (system, asked, answered)
);
