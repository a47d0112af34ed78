"""`make load`: many people at once, and processes killed meanwhile, against the programs that `make run` starts."""
