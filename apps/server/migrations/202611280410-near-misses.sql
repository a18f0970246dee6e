-- Incidents and near misses in one register, derived from facts.
alter table incident_board add column kind text not null default 'normal';
alter table incident_board add column archetype text;
alter table incident_board add column was_incident boolean not null default true;
create index incident_by_kind on incident_board (kind, declared_at desc, id desc);
