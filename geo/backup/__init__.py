"""One file that holds all that is known, without anybody's secrets, and the way back from it."""
