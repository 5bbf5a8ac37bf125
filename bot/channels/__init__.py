"""One module a channel; each turns what its clients send into a turn and draws the answer."""
