"""The eligibility check: understanding what applicants type, keeping it, and putting the verdict into words."""
