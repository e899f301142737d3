-- Learnt again by asking: nothing is set aside.
DROP TABLE provider_health;
