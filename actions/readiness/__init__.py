"""The readiness self-assessment: what replies mean, what is said, what is kept, what is drawn."""
