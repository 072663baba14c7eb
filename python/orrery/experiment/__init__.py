"""Do rendered images help? `python -m orrery.experiment experiment.yaml -o FOLDER` finds out."""
