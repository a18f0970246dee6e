-- A signal that cannot be grouped is tried again a few times, and then set aside: it must not hold up the signals behind it.
alter table signal drop constraint signal_placement_check;
alter table signal add constraint signal_placement_check
  check (placement in ('new', 'loose', 'joining', 'placed', 'expired', 'aside'));
create index signal_aside on signal (received_at, id) where placement = 'aside';

create table signal_trouble (
  signal text primary key,
  times integer not null,
  at text not null,
  why text not null
);
