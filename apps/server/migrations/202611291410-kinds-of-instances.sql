-- Kinds of control an instance says it knows; null: it has not said.
alter table guard_instance add column kinds jsonb;
