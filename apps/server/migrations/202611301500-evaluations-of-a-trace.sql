-- What was said of an answer of a trace, and nobody knows of which.
create index evaluation_of_trace on evaluation (trace_id, received_at) where trace_id is not null and interaction is null;
