"""The parts of the Import screen."""
