"""Where people chat: one folder or module a platform, markup and manners only; none imports another."""
