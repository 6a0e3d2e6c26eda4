"""What a definition would have done: who moves, what became of them, what it asks of sales, and what nobody can know."""

from plumbline.simulation.run import Settings, Simulation, simulate

__all__ = ["Settings", "Simulation", "simulate"]
