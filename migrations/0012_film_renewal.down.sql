-- Nothing that a member made: what was under way is asked for again.
DROP INDEX proposals_picked;
DROP TABLE film_renewals;
