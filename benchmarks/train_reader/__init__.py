"""Train the small reader that ships with the package: `python -m benchmarks.train_reader`."""
