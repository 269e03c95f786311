"""Guards that every reason of the API map is proved or says that it is by hand, and that all it names is there."""
