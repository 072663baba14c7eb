"""Trainers of detectors: `python -m orrery.train`, `python -m orrery.train.predict`."""
