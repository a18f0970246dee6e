-- Derived from facts: what own and public incidents are found by. `seq` is the fact that last changed the row, so that an
-- index in memory can follow.
create table similar_document (
  id text primary key,
  origin text not null,
  seq bigint not null,
  data jsonb not null
);
create index similar_document_by_seq on similar_document (seq);
