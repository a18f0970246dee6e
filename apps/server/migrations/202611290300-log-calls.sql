-- Calls that log records tell of without naming the answer: they wait a moment for the trace of the same span.
create table log_call (
  id text primary key,
  received_at text not null,
  due_at text not null,
  trace_id text not null,
  span_id text not null,
  data jsonb not null
);
create index log_call_due on log_call (due_at);
