"""Work that one host hands over and any other does, through the database of the archive."""
