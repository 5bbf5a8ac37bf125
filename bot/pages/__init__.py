"""Pages that are read, not chatted with: plain HTML from the server, no script needed."""
