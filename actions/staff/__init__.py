"""The people who keep the assistant right: their accounts, roles, logins and sessions."""
