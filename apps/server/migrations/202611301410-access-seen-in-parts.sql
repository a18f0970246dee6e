-- Askers fall into parts, so that one is read and written once for all it asked meanwhile, and little is written at once.
alter table access_seen add column part smallint not null default 0;
create index access_seen_part on access_seen (part, id);
