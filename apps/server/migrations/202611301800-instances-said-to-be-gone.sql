-- Instances of which somebody said that they are gone, and whether they were heard all the same; derived from facts.
create table gone_board (
  instance text not null,
  said_at text not null,
  system text not null,
  host text not null,
  hold text not null,
  incident text not null,
  reason text not null,
  said_by jsonb not null,
  back_at text,
  told jsonb,
  primary key (instance, said_at)
);
create index gone_now on gone_board (instance) where back_at is null;
create index gone_of_system on gone_board (system, said_at);
