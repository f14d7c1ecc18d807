"""The pure engine: reads a question, proposes intents, decides honestly, composes the reply."""
