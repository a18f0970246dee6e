-- What else an incident shows beside its archetype, derived from facts.
alter table incident_board add column also jsonb not null default '[]';
