"""A second, slow and plain reading of the rule (docs/design.md#judging), written without looking at the engine; both
must agree."""
