-- What one that says nothing of it does; rebuilding the board says the same.
update moderator_board set data = data || '{"whenSilent": "tell"}' where not data ? 'whenSilent';
