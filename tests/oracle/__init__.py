"""A second, slow and plain reading of the rule in design.md, written without looking at the engine; both must agree."""
