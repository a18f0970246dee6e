-- What a system is, whole, so that a file of ten thousand can be compared with it. Null: written before this column
-- was there, and read from the facts.
alter table system_board add column data jsonb;
alter table system_board add column criticality text not null default 'unsaid';
