-- When a signal was told again, oldest first, the newest 200: conditions count them.
alter table signal add column repeated jsonb not null default '[]';
create index signal_told_again on signal (last_at) where last_at is not null;
