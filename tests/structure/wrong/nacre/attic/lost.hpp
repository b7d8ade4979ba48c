// Lies on no floor.
