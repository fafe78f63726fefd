"""Who may do what: accounts, sessions, one-time codes, API keys, permissions, and the slowing down of guesses."""
