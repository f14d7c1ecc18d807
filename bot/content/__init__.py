"""The editor's files → one validated, frozen Catalog, with every problem named at its line."""
