"""The stepper's page."""
