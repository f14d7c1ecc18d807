"""The terminal: ``text`` writes a reply so that it fits the window, ``chat`` is the conversation."""
