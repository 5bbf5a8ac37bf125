"""The publish gate: before content becomes current, real and golden questions are asked of it and of what is current now."""
