"""Hand-over to a person: cases, office hours, what is said about them."""
