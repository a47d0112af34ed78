"""Every component of the pages in every state, in both languages, at /components/ while DEBUG is on."""
