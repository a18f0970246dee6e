-- Of a key that stands in web pages: the origins it may be used from, and the systems it may read.
alter table key_board add column page jsonb;
