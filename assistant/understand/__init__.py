"""A turn and its history to a Question that stands alone: query, dates, names, parts."""
