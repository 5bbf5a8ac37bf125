"""One module a page: its `SECTION` of the menu (None: not in the menu) and its `routes(console)`."""
