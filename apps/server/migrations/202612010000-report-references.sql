-- References of reports through the public form, by digest, with the address their reporter may be written to at. They go
-- with the feedback they belong to, in the same statement, so that no rule about records has to know of them.
create table report_reference (
  digest text primary key,
  feedback text not null references feedback (id) on delete cascade,
  received_at text not null,
  contact text
);
create index report_reference_of on report_reference (feedback, received_at);
create index report_reference_by_time on report_reference (received_at);
