"""The staff console at /staff/: pages drawn by the server, in Vietnamese; every route states the role it needs.

A page is a module in `pages/` with a `SECTION` for the menu and `routes(console)`; it is named in `assembly.PAGES`. Its routes take a
`Visit` by one of the types in `access` (`visit: Editor`), read a POST's fields from it, draw with `console.draw(visit, template, …)` and
end what changes something with `visit.go(address, words)` and a row of knowledge/audit.py in the same transaction. Templates extend
`staff.html`; forms begin with `token(csrf)`.
"""

from bot.staff.assembly import add_staff

__all__ = ["add_staff"]
