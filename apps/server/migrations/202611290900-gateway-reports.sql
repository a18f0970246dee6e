-- What gateways last said about themselves; not facts: each report replaces the one before.
create table gateway_report (
  instance text primary key,
  heard_at text not null,
  data jsonb not null
);
create index gateway_report_heard on gateway_report (heard_at);
