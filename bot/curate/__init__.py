"""The editor's tools: grade labelled questions, show what the content covers, begin a new content folder."""
