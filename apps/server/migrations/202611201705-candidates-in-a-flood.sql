-- In a flood, signals that join a large candidate are marked at once and told in one fact a while later.
alter table signal drop constraint signal_placement_check;
alter table signal add constraint signal_placement_check check (placement in ('new', 'loose', 'joining', 'placed', 'expired'));
create index signal_joining on signal (candidate, received_at, id) where placement = 'joining';

create table candidate_joining (
  candidate text primary key,
  by_key integer not null,
  by_likeness integer not null,
  score double precision not null,
  reasons jsonb not null,
  due_at text not null
);
create index candidate_joining_due on candidate_joining (due_at);
