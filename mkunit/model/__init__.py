"""The nouns: frozen values that the stages hand to one another; nothing here reads, writes, prints or decides."""
