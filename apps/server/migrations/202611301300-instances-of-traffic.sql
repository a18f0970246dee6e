-- Through which instances a record went, as the witnesses name themselves; empty: none says.
alter table hold_record add column instances text[] not null default '{}';

-- Records of the scope of a hold that name no instance.
alter table hold_traffic add column unnamed bigint not null default 0;
update hold_traffic set unnamed = records;

-- The others, by the instance they name. At most 1,000 for one hold: names come from senders.
create table hold_instance_traffic (
  hold text not null,
  instance text not null,
  records bigint not null,
  last_at text not null,
  primary key (hold, instance)
);
