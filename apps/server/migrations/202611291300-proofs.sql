-- Not boards: what instances and records say, kept as they say it.
create table guard_checked (
  hold text not null,
  instance text not null,
  state text not null,
  door text,
  says text,
  ms double precision,
  at text not null,
  primary key (hold, instance)
);

-- Records of the scope of a hold since everybody should obey it.
create table hold_traffic (
  hold text primary key,
  records bigint not null
);

-- What single records say of a hold.
create table hold_record (
  hold text not null,
  interaction text not null,
  seen_as text not null,
  at text not null,
  says text not null,
  primary key (hold, interaction)
);
create index hold_record_of_hold on hold_record (hold, seen_as, at);

-- Whether an instance tries itself when it is asked to.
alter table guard_instance add column tries boolean not null default false;
