"""Plans: files of accounts, and the changes that make an environment as they say."""
